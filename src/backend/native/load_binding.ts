import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { tellAttributeNames } from "./attribute_names.ts";
import type { Binding } from "./binding.ts";
import { Libc } from "./libc.ts";

/** A binding at work. */
export interface Loaded {
  readonly binding: Binding;
  /** How many threads compute. */
  readonly threads: number;
}

/**
 * Loads a compiled binding, and TensorFlow with it. TensorFlow asks once in a process how many threads it may use, when
 * it begins; what it prints then goes nowhere. The file is locked meanwhile: Workers load one after the other.
 *
 * @throws {Error} what the dynamic linker says
 */
export async function loadBinding(path: string, threads: number | "auto"): Promise<Loaded> {
  using libc = new Libc();
  using file = await Deno.open(path, { read: true });
  await file.lock(true).catch(() => {}); // a file system without locks
  const count = threadsOf(libc, threads);
  const variables = {
    TF_NUM_INTRAOP_THREADS: `${count}`,
    TF_NUM_INTEROP_THREADS: `${count}`,
    TF_CPP_MIN_LOG_LEVEL: libc.getenv("TF_CPP_MIN_LOG_LEVEL") ?? "2",
  };
  const load = () => {
    const binding: Binding = createRequire(pathToFileURL(path))(path);
    tellAttributeNames(binding);
    return binding;
  };
  const binding = libc.withEnvironment(variables, () => libc.quietly(load));
  return { binding, threads: count };
}

/** As many as were asked for; in a process where it runs already, in another Worker maybe, as many as there are. */
function threadsOf(libc: Libc, threads: number | "auto"): number {
  const name = "PTUTILS_NATIVE_THREADS", [process, count] = libc.getenv(name)?.split(":") ?? [];
  if (process === `${Deno.pid}`) return Number(count);
  const chosen = Number(threads === "auto" ? libc.getenv("TF_NUM_INTRAOP_THREADS") : threads) || defaultThreads();
  libc.setenv(name, `${Deno.pid}:${chosen}`); // A child process has another number.
  return chosen;
}

const defaultThreads = (): number => navigator.hardwareConcurrency;

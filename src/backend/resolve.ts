import { quoted } from "../module/text.ts";
import type { Backend } from "./backend.ts";
import { backends } from "./backends.ts";
import { smokeTest } from "./smoke_test.ts";
import { loadTf, tf } from "./tf.ts";

/** The backend that computes, and why it and not another. */
export interface Resolved {
  readonly name: string;
  /** Why those before it were passed over, each in a sentence. */
  readonly reasons: string[];
  readonly version: string;
  readonly threads: number;
}

interface Choice {
  readonly backend: Backend;
  readonly resolved: Resolved;
}

/** What came of each wish, so that the same one again costs nothing. */
const choices = new Map<string, Choice>();
let active: Choice | undefined;
let pending: Promise<unknown> = Promise.resolve();

/**
 * Loads tfjs and chooses what it computes with. `auto` takes the first backend that passes a smoke test; a name takes
 * that one or fails. Asking again for what is there costs nothing.
 *
 * @throws {RangeError} a name that is not known
 * @throws {Error} when none, or not the one that was asked for, works here; it tells every reason
 */
export function resolveBackend(
  wanted: "auto" | "wasm" | "cpu" | (string & Record<never, never>) = "auto",
): Promise<Resolved> {
  const resolved = pending.then(() => resolve(wanted));
  pending = resolved.catch(() => {});
  return resolved;
}

/** The backend that was resolved last. */
export const activeBackend = (): Resolved | undefined => active?.resolved;

/** Whether tensors can be read in line now. */
export const readsInLine = (): boolean => active?.backend.readsInLine ?? false;

async function resolve(wanted: string): Promise<Resolved> {
  const choice = choices.get(wanted) ?? await choose(wanted);
  choices.set(wanted, choice);
  if (tf().getBackend() !== choice.backend.name) await tf().setBackend(choice.backend.name);
  active = choice;
  return choice.resolved;
}

async function choose(wanted: string): Promise<Choice> {
  const candidates = wanted === "auto" ? backends : backends.filter(({ name }) => name === wanted);
  if (candidates.length === 0) throw unknownBackend(wanted);
  const reasons: string[] = [];
  for (const backend of candidates) {
    const reason = await tryBackend(backend);
    const { name } = backend;
    if (reason !== undefined) reasons.push(`${name} was passed over: ${reason}`);
    else return { backend, resolved: { name, reasons, version: backend.version(), threads: backend.threads() } };
  }
  // A failed choice must not leave tfjs on a backend that nobody asked for.
  if (active !== undefined) await tf().setBackend(active.backend.name);
  throw new Error(`Cannot find a backend that works: ${reasons.join("; ")}`);
}

/** Why a backend doesn't work here; undefined when it does. */
async function tryBackend(backend: Backend): Promise<string | undefined> {
  try {
    const tf = await loadTf();
    await backend.load(tf);
    if (!await tf.setBackend(backend.name)) return "it did not start";
    return await smokeTest(tf);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function unknownBackend(wanted: string): RangeError {
  const known = quoted(["auto", ...backends.map(({ name }) => name)]);
  return new RangeError(`Cannot use backend "${wanted}": it is not known here; known are ${known}`);
}

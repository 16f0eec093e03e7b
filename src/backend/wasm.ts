import { z } from "zod";
import type { Backend, Demands } from "./backend.ts";
import { guardMemory, room } from "./wasm/guard_memory.ts";
import { Heap } from "./wasm/heap.ts";
import { installKernels } from "./wasm/install.ts";
import { shareableBinary } from "./wasm/shared_memory.ts";
import type { Threads } from "./wasm/threads.ts";

/** The most threads that `auto` takes: more gain little on what nets compute. */
const mostThreads = 8;

let version = "", loading: Promise<void> | undefined;
let threads: Threads | undefined, relaxed = false;

/**
 * WebAssembly with SIMD, on one thread unless more are asked for: the same input gives the same bits on any number. More
 * than one must be asked for before the process computes with wasm for the first time: they need another memory.
 */
export const wasm: Backend = {
  name: "wasm",
  tfjsName: "wasm",
  readsInLine: true,
  options: z.strictObject({
    /** Rounds a product and a sum once, where the processor can: faster, and not to the same bits on every machine. */
    relaxed: z.boolean().default(false),
  }),
  async load(tf, demands) {
    const wanted = countOf(demands.threads);
    await (loading ??= prepare(wanted > 1));
    // tfjs's own threads would not start here, and split sums by the machine's number of cores.
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    if (!await tf.setBackend("wasm")) return;
    void tf.setBackend("wasm"); // Something else may have computed while it started; this waits for nothing.
    guardMemory(tf.backend(), new Heap(tf.backend()).memory);
    relaxed = demands.options.relaxed === true;
    threads = await installKernels(tf, relaxed);
    await threads.use(wanted);
  },
  device: () => `WebAssembly with ${relaxed ? "relaxed " : ""}SIMD`,
  version: () => version,
  moreThreads: "they must be asked for before anything computes with wasm: restart the process, or the kernel",
  threads: () => threads?.size ?? 1,
  varies: () => undefined,
  room: () => room,
};

const countOf = (threads: Demands["threads"]): number =>
  threads === "auto" ? Math.min(mostThreads, navigator.hardwareConcurrency) : threads ?? 1;

/** Loads tfjs's backend; has it take its own module with a memory that threads may share, where that is wanted. */
async function prepare(shared: boolean): Promise<void> {
  const backend = await import("@tensorflow/tfjs-backend-wasm");
  version = backend.version_wasm;
  if (!shared) return;
  const names = ["tfjs-backend-wasm", "tfjs-backend-wasm-simd", "tfjs-backend-wasm-threaded-simd"];
  const url = await shareableBinary(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
  backend.setWasmPaths(Object.fromEntries(names.map((name) => [`${name}.wasm`, url])) as never, true);
}

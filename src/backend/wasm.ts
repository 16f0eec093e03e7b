import type { Backend } from "./backend.ts";
import { installKernels } from "./wasm/install.ts";
import { quickMatMul } from "./wasm_matmul.ts";

let version = "";

/** WebAssembly with SIMD (XNNPACK), on one thread, so that the same input gives the same bits. */
export const wasm: Backend = {
  name: "wasm",
  readsInLine: true,
  async load(tf) {
    version = (await import("@tensorflow/tfjs-backend-wasm")).version_wasm;
    // With threads, sums would be split by the machine's number of cores.
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    quickMatMul(tf);
    if (await tf.setBackend("wasm")) await installKernels(tf);
  },
  version: () => version,
  threads: () => 1,
};

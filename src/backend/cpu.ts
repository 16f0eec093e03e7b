import type { Backend } from "./backend.ts";

let version = "";

/** Plain JavaScript: slow, and runs everywhere. */
export const cpu: Backend = {
  name: "cpu",
  readsInLine: true,
  async load() {
    version = (await import("@tensorflow/tfjs-backend-cpu")).version_cpu;
  },
  version: () => version,
  threads: () => 1,
};

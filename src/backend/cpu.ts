import { z } from "zod";
import type { Backend } from "./backend.ts";
import { installCpuKernels } from "./cpu/install.ts";

let version = "";

/** Plain JavaScript: slow, and runs everywhere. */
export const cpu: Backend = {
  name: "cpu",
  tfjsName: "cpu",
  readsInLine: true,
  options: z.strictObject({}),
  async load(tf) {
    version = (await import("@tensorflow/tfjs-backend-cpu")).version_cpu;
    installCpuKernels(tf);
  },
  device: () => "JavaScript",
  version: () => version,
  threads: () => 1,
  varies: () => undefined,
};

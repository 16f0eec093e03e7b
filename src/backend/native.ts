import { z } from "zod";
import type { Backend } from "./backend.ts";
import { describeProcessor } from "./native/processor.ts";
import { installKernels } from "./native/install.ts";
import { registerBackend, tfjsName } from "./native/register.ts";
import { start, type Started } from "./native/start.ts";

let started: Started | undefined;

/**
 * TensorFlow itself, on all cores or on a GPU: an installed `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node`, or
 * what `deno task native` built.
 */
export const native: Backend = {
  name: "native",
  tfjsName,
  readsInLine: true,
  options: z.strictObject({
    /** The folder that `deno task native` filled, if it is another than the project's `.native`. */
    folder: z.string().optional(),
  }),
  async load(tf, { threads = "auto", options }) {
    // TensorFlow begins once in a process, and its threads stay.
    if (started !== undefined) return;
    const begun = await start(threads, options.folder as string | undefined);
    await registerBackend(tf, begun.binding);
    installKernels(tf);
    started = begun;
  },
  device: () => started!.gpu ?? describeProcessor(),
  version: () => started!.binding.TF_Version,
  threads: () => started!.gpu === undefined ? started!.threads : 0,
  varies: () =>
    started!.gpu !== undefined
      ? "a GPU adds up in an order of its own"
      : started!.threads > 1
      ? "TensorFlow's threads add up in the order in which they end; with threads: 1 it doesn't vary"
      : undefined,
};

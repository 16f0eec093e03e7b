import type { KernelConfig, KernelFunc } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import { families } from "./families.ts";
import { Machine } from "./machine.ts";
import { type TensorFlowBackend, tfjsName } from "./register.ts";

/** Puts our kernels into tfjs's backend of TensorFlow: those that it lacks, and those that it computes slowly or wrongly. */
export function installKernels(tf: TF): void {
  const stock = new Map<string, KernelFunc>();
  const machine = new Machine(tf, tf.findBackend(tfjsName) as TensorFlowBackend, (name) => {
    return stock.get(name) ?? tf.getKernel(name, tfjsName).kernelFunc;
  });
  for (const [kernelName, kernel] of families.flatMap((family) => Object.entries(family(machine)))) {
    const known = tf.getKernel(kernelName, tfjsName);
    if (known !== undefined) {
      stock.set(kernelName, known.kernelFunc);
      tf.unregisterKernel(kernelName, tfjsName);
    }
    tf.registerKernel({ kernelName, backendName: tfjsName, kernelFunc: machine.kernelFunc(kernel) } as KernelConfig);
  }
}

import type { KernelConfig, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import { families } from "./families.ts";
import { Heap } from "./heap.ts";
import type { Call, Kernel, Machine } from "./kernel.ts";

/** The backends that have our kernels already. */
const installed = new WeakSet<object>();

/**
 * Puts our kernels into tfjs's wasm backend: those that it lacks, and those that it computes wrongly or slowly. The
 * backend must be the active one.
 */
export async function installKernels(tf: TF): Promise<void> {
  const backend = tf.backend();
  if (installed.has(backend)) return;
  installed.add(backend);
  const heap = new Heap(backend);
  const native = await instantiate(heap.memory);
  const stock = new Map<string, Kernel>();
  const raw = (name: string): KernelFunc => {
    const found = tf.getKernel(name, "wasm");
    if (found === undefined) throw new TypeError(`Cannot compute ${name}: the wasm backend lacks it`);
    return found.kernelFunc;
  };
  const machine: Machine = {
    tf,
    heap,
    native,
    stock: (name) => stock.get(name) ?? (({ inputs, attrs }) => raw(name)({ inputs, attrs, backend } as never)),
    run: (name, inputs, attrs = {}) => raw(name)({ inputs, attrs, backend } as never) as TensorInfo,
  };
  for (const family of families) {
    for (const [kernelName, kernel] of Object.entries(family(machine))) {
      const known = tf.getKernel(kernelName, "wasm");
      if (known !== undefined) {
        const { kernelFunc } = known;
        if (!stock.has(kernelName)) stock.set(kernelName, (call) => kernelFunc({ ...call, backend } as never));
        tf.unregisterKernel(kernelName, "wasm");
      }
      const kernelFunc = ((call: Call) => kernel(call)) as unknown as KernelFunc;
      tf.registerKernel({ ...known, kernelName, backendName: "wasm", kernelFunc } as KernelConfig);
    }
  }
}

/** Our module, computing in this memory. */
async function instantiate(memory: WebAssembly.Memory): Promise<Machine["native"]> {
  const bytes = await Deno.readFile(new URL("./kernels.wasm", import.meta.url));
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return instance.exports as unknown as Machine["native"];
}

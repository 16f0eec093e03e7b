import type { KernelConfig, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import { families } from "./families.ts";
import { Heap } from "./heap.ts";
import type { Call, Kernel, Machine } from "./kernel.ts";
import { Threads } from "./threads.ts";

/** The threads of the backends that have our kernels already. */
const installed = new WeakMap<object, Threads>();

/**
 * Puts our kernels into tfjs's wasm backend: those that it lacks, and those that it computes wrongly or slowly. The
 * backend must be the active one.
 *
 * @returns the threads on which they compute
 */
export async function installKernels(tf: TF): Promise<Threads> {
  const backend = tf.backend(), known = installed.get(backend);
  if (known !== undefined) return known;
  const heap = new Heap(backend), module = await compiled(heap);
  const { exports } = new WebAssembly.Instance(module, { env: { memory: heap.memory } });
  const native = exports as unknown as Machine["native"];
  const threads = new Threads(module, heap.memory, native);
  installed.set(backend, threads);
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
    divide: (things, multiplications) => threads.divide(things, multiplications),
    together: (name, calls) => threads.together(name, calls),
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
  return threads;
}

/** Our module, built by `build.ts`, for this kind of memory. */
async function compiled({ isShared }: Heap): Promise<WebAssembly.Module> {
  const file = new URL(isShared ? "./kernels_shared.wasm" : "./kernels.wasm", import.meta.url);
  return await WebAssembly.compile(await Deno.readFile(file));
}

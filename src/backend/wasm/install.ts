import type { KernelBackend, KernelConfig, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import { families } from "./families.ts";
import { Heap } from "./heap.ts";
import type { Call, Kernel, Machine } from "./kernel.ts";
import { Threads } from "./threads.ts";

/** Our kernels in a backend. */
interface Installed {
  readonly heap: Heap;
  readonly native: Record<string, Machine["native"][string]>;
  threads: Threads;
  relaxed: boolean;
}

const installed = new WeakMap<object, Installed>();

/**
 * Puts our kernels into tfjs's wasm backend: those that it lacks, and those that it computes wrongly or slowly. The
 * backend must be the active one. Called again, it puts the other variant in their place, if that is wanted.
 *
 * @param relaxed whether a product and a sum may be rounded once, as the processor likes
 * @returns the threads on which they compute
 */
export async function installKernels(tf: TF, relaxed = false): Promise<Threads> {
  const backend = tf.backend(), known = installed.get(backend);
  if (known !== undefined) return await choose(known, relaxed);
  const heap = new Heap(backend), native: Installed["native"] = {};
  const own: Installed = { heap, native, threads: await made(heap, native, relaxed), relaxed };
  installed.set(backend, own);
  register(tf, backend, own);
  return own.threads;
}

async function choose(own: Installed, relaxed: boolean): Promise<Threads> {
  if (own.relaxed === relaxed) return own.threads;
  await own.threads.use(1); // those of the other variant end
  own.threads = await made(own.heap, own.native, relaxed);
  own.relaxed = relaxed;
  return own.threads;
}

/** Puts a variant's functions in the place of those that are there. */
async function made(heap: Heap, native: Installed["native"], relaxed: boolean): Promise<Threads> {
  const module = await compiled(heap, relaxed);
  const { exports } = new WebAssembly.Instance(module, { env: { memory: heap.memory } });
  Object.assign(native, exports);
  return new Threads(module, heap.memory, native);
}

function register(tf: TF, backend: KernelBackend, own: Installed): void {
  const { heap, native } = own;
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
    divide: (things, multiplications) => own.threads.divide(things, multiplications),
    together: (name, calls) => own.threads.together(name, calls),
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

/** Our module, built by `build.ts`, for this kind of memory. */
async function compiled({ isShared }: Heap, relaxed: boolean): Promise<WebAssembly.Module> {
  const file = `./kernels${relaxed ? "_relaxed" : ""}${isShared ? "_shared" : ""}.wasm`;
  return await WebAssembly.compile(await Deno.readFile(new URL(file, import.meta.url)));
}

import type { KernelBackend, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";

/** What tfjs calls a kernel of the webgpu backend with. */
export interface Call {
  // deno-lint-ignore no-explicit-any -- each kernel knows its own
  readonly inputs: any;
  // deno-lint-ignore no-explicit-any -- each kernel knows its own
  readonly attrs: any;
  readonly backend: KernelBackend;
}

/** A kernel for the webgpu backend in the place of tfjs's own, composed of stock ones. */
export type GpuKernel = (stock: (call: Call) => TensorInfo, tools: Tools) => TensorInfo;

/** What a kernel is composed of during one call; all that it makes but the result is freed after it. */
export class Tools {
  readonly tf: TF;
  readonly call: Call;
  readonly #made: TensorInfo[] = [];

  constructor(tf: TF, call: Call) {
    this.tf = tf;
    this.call = call;
  }

  /** Runs a kernel of the backend. */
  run(name: string, inputs: object, attrs: object = {}): TensorInfo {
    const { kernelFunc } = this.tf.getKernel(name, "webgpu");
    return this.note(kernelFunc({ inputs, attrs, backend: this.call.backend } as never) as TensorInfo);
  }

  /** Numbers as a tensor. */
  floats(values: Float32Array, shape: readonly number[]): TensorInfo {
    const dataId = this.call.backend.write(values, [...shape], "float32");
    return this.note({ dataId, shape: [...shape], dtype: "float32" });
  }

  /** Has a tensor freed in the end, unless it is the result. */
  note(tensor: TensorInfo): TensorInfo {
    this.#made.push(tensor);
    return tensor;
  }

  /** Frees what was made but for the result. */
  free(result: TensorInfo): TensorInfo {
    for (const tensor of this.#made) if (tensor !== result) this.call.backend.disposeData(tensor.dataId);
    return result;
  }
}

/** A kernel as tfjs calls it. */
export function kernelFunc(tf: TF, kernel: GpuKernel, stock: KernelFunc): KernelFunc {
  return ((call: Call) => {
    const tools = new Tools(tf, call);
    return tools.free(kernel((own) => tools.note(stock(own as never) as TensorInfo), tools));
  }) as unknown as KernelFunc;
}

/** What we use of tfjs's programs: its version is pinned. */
interface Program {
  shaderKey: string;
  getUserCode(): string;
}

/** What runs them. */
interface Runs {
  runWebGPUProgram(program: Program, ...rest: unknown[]): unknown;
}

/** A backend that runs programs with their shaders changed; `name` tells those from others. */
export function withShader(backend: KernelBackend, name: string, change: (code: string) => string): KernelBackend {
  const runs = backend as unknown as Runs;
  const runWebGPUProgram = (program: Program, ...rest: unknown[]) => {
    const code = change(program.getUserCode());
    Object.assign(program, { getUserCode: () => code, shaderKey: `${program.shaderKey}_${name}` });
    return runs.runWebGPUProgram(program, ...rest);
  };
  return Object.create(backend, { runWebGPUProgram: { value: runWebGPUProgram } });
}

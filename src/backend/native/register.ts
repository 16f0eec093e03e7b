import Module from "node:module";
import util from "node:util";
import type { KernelBackend, TensorInfo } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import type { Binding, Made } from "./binding.ts";

/** What tfjs calls this backend. */
export const tfjsName = "tensorflow";

/** tfjs-node's backend, as far as we use it, with one method of ours. */
export interface TensorFlowBackend extends KernelBackend {
  readonly binding: Binding;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  /** Makes what an operation gave a tensor of tfjs's, not yet counted by its engine; others are freed with it. */
  adopt(made: Made, bundled?: readonly number[]): TensorInfo;
  /** What was given with it. */
  bundled(dataId: object): readonly number[];
}

/** Makes TensorFlow a backend of tfjs, with the kernels of `@tensorflow/tfjs-node`. */
export async function registerBackend(tf: TF, binding: Binding): Promise<void> {
  restoreUtil();
  const NodeJSKernelBackend = await withOurTf(tf, async () => {
    // Not the package's index: that looks for a library of its own.
    await import("@tensorflow/tfjs-node/dist/register_all_kernels.js");
    return (await import("@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js")).NodeJSKernelBackend;
  });
  tf.registerBackend(tfjsName, () => {
    return extended(new NodeJSKernelBackend(binding as never, "@tensorflow/tfjs-node") as never) as never;
  }, 3);
}

/** What tfjs-node keeps of a tensor. */
interface Kept extends Made {
  readonly values: null;
  refCount: number;
}
interface NodeBackend extends TensorFlowBackend {
  readonly tensorMap: { has(id: object): boolean; set(id: object, kept: Kept): void };
}

/** tfjs-node's backend with our methods. */
function extended(backend: NodeBackend): TensorFlowBackend {
  const { binding, tensorMap } = backend, { TF_FLOAT, TF_BOOL } = binding;
  const disposeData = backend.disposeData.bind(backend), bundles = new WeakMap<object, readonly number[]>();
  return Object.assign(backend, {
    adopt({ id, shape, dtype }: Made, bundled?: readonly number[]): TensorInfo {
      const dataId = {};
      tensorMap.set(dataId, { id, shape, dtype, values: null, refCount: 1 });
      if (bundled !== undefined) bundles.set(dataId, bundled);
      return { dataId, shape, dtype: dtype === TF_FLOAT ? "float32" : dtype === TF_BOOL ? "bool" : "int32" };
    },
    bundled: (dataId: object) => bundles.get(dataId) ?? [],
    disposeData(dataId: object, force?: boolean): boolean {
      const gone = disposeData(dataId, force);
      if (gone) {
        for (const id of new Set(bundles.get(dataId))) binding.deleteTensor(id);
        bundles.delete(dataId);
      }
      return gone;
    },
  });
}

/**
 * Imports with our tfjs in the place of `@tensorflow/tfjs`, which is a second copy of all of it: that would register its
 * gradients and kernels over ours.
 */
async function withOurTf<T>(tf: TF, imports: () => Promise<T>): Promise<T> {
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
  const load = loader._load;
  loader._load = (request, ...rest) => request === "@tensorflow/tfjs" ? tf : load.call(loader, request, ...rest);
  try {
    return await imports();
  } finally {
    loader._load = load;
  }
}

/** Functions of `node:util` that are gone from it, and that tfjs-node calls. */
function restoreUtil(): void {
  const old = util as unknown as Record<string, unknown>;
  old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  old.isArray ??= Array.isArray;
}

import type { DataType, KernelBackend, TensorInfo, TypedArray } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";

/** What we use of tfjs's cpu backend: its version is pinned. */
interface CpuBackend extends KernelBackend {
  readonly data: { get(id: object): { readonly values: TypedArray } };
  makeTensorInfo(shape: number[], dtype: DataType, values: TypedArray): TensorInfo;
}

/** What tfjs calls a kernel of the cpu backend with. */
export interface CpuCall {
  // deno-lint-ignore no-explicit-any -- each kernel knows its own
  readonly inputs: any;
  // deno-lint-ignore no-explicit-any -- each kernel knows its own
  readonly attrs: any;
  readonly backend: CpuBackend;
}

/** A kernel for the cpu backend in the place of tfjs's own, which it is given. */
export type CpuKernel = (stock: (call: CpuCall) => TensorInfo, tf: TF) => (call: CpuCall) => TensorInfo;

/** A tensor's numbers, where they lie: not to be changed. */
export const valuesOf = ({ backend }: CpuCall, { dataId }: TensorInfo): TypedArray => backend.data.get(dataId).values;

/**
 * How far apart elements lie along each of these dimensions, from the right; 0 along one that is missing or of length
 * one, where a tensor is broadcast.
 */
export function broadcastStrides(shape: readonly number[], rank: number): number[] {
  const strides = new Array<number>(rank).fill(0);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1) strides[rank - shape.length + i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

/** Visits each place of a shape in order, with each tensor's place by its strides. */
export function eachPlace(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  visit: (places: readonly number[]) => void,
): void {
  const at = new Array<number>(shape.length).fill(0), places = strides.map(() => 0);
  if (shape.includes(0)) return;
  for (;;) {
    visit(places);
    let i = shape.length - 1;
    for (; i >= 0; i--) {
      if (++at[i]! < shape[i]!) break;
      at[i] = 0;
    }
    if (i < 0) return;
    for (const [k, own] of strides.entries()) places[k] = at.reduce((place, index, j) => place + index * own[j]!, 0);
  }
}

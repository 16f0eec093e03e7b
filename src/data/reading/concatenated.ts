import { NDArray } from "../../module/ndarray.ts";

/** Arrays of one dtype, and of one shape but for the first dimension, one after the other. */
export function concatenated(arrays: readonly NDArray[]): NDArray {
  if (arrays.length === 1) return arrays[0]!;
  const { dtype, shape: [, ...item] } = arrays[0]!;
  const result = new NDArray(dtype, [arrays.reduce((sum, { shape }) => sum + shape[0]!, 0), ...item]);
  const data = result.data as unknown as Float32Array;
  let at = 0;
  for (const array of arrays) {
    data.set(array.data as unknown as Float32Array, at);
    at += array.size;
  }
  return result;
}

import { NDArray, sizeOf, type TypedArray } from "../module/ndarray.ts";

/** Some rows (along the first dimension) of an array, copied into data of their own. */
export function takeRows(array: NDArray, rows: ArrayLike<number>): NDArray {
  const shape = array.shape.slice(1);
  const width = sizeOf(shape);
  const result = new NDArray(array.dtype, [rows.length, ...shape]);
  // One element type on both sides, which the union of them all can't say.
  const [from, to] = [array.data, result.data] as unknown as [Float32Array, Float32Array];
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i]! * width;
    if (width === 1) to[i] = from[start]!;
    else to.set(from.subarray(start, start + width), i * width);
  }
  return result;
}

/** One row of an array, copied, without the first dimension. */
export function takeRow(array: NDArray, row: number): NDArray {
  const shape = array.shape.slice(1);
  const width = sizeOf(shape);
  return new NDArray(array.dtype, shape, array.data.slice(row * width, (row + 1) * width) as TypedArray);
}

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

/** Up to so many bytes of rows lie side by side: who keeps one of them keeps all. */
const sharedBytes = 2 ** 22;

/** Some rows, each an array of its own: that costs far more than the copy, unless small ones share one. */
export function splitRows(array: NDArray, rows: ArrayLike<number>): NDArray[] {
  const shape = Object.freeze(array.shape.slice(1)), width = sizeOf(shape);
  if (rows.length * width * array.data.BYTES_PER_ELEMENT > sharedBytes) {
    return Array.from(rows, (row) => takeRow(array, row));
  }
  const { data } = takeRows(array, rows);
  return Array.from(rows, (_, i) => new NDArray(array.dtype, shape, data.subarray(i * width, (i + 1) * width)));
}

/** One row of an array, copied, without the first dimension. */
export function takeRow(array: NDArray, row: number): NDArray {
  const shape = array.shape.slice(1);
  const width = sizeOf(shape);
  return new NDArray(array.dtype, shape, array.data.slice(row * width, (row + 1) * width) as TypedArray);
}

import { isNDArray, NDArray, sizeOf } from "../../module/ndarray.ts";
import type { ArrayDescription, Batch, Description, Item } from "../batch.ts";
import { stack } from "../stack.ts";

/**
 * Items as a batch, those that are smaller than the largest filled up at the end of each dimension.
 *
 * @param value what stands where an item had nothing
 * @param name what to call the i-th in an error
 * @throws {TypeError} items of another dtype or number of dimensions than the description says, named
 */
export function padded(
  items: readonly Item[],
  { input, target }: Description,
  value: number,
  numbers: ArrayLike<number>,
  name: string,
): Batch {
  const part = (part: "input" | "target", description: ArrayDescription) => {
    const arrays = items.map((item) => item[part]),
      called = (i: number) => `the ${part} of item ${numbers[i]} of ${name}`;
    const shape = largest(arrays, description, called);
    const filled = arrays.map((array) => isNDArray(array) ? fill(array, shape, value) : array);
    return stack(filled, { ...description, shape }, called);
  };
  return {
    input: part("input", input),
    target: part("target", target),
    size: items.length,
    index: Uint32Array.from(items, (_, i) => numbers[i]!),
  };
}

/** The greatest length in each dimension. */
function largest(
  parts: readonly (number | NDArray)[],
  { shape, dtype }: ArrayDescription,
  name: (i: number) => string,
): readonly number[] {
  if (parts.length === 0) return shape;
  const most = shape.map(() => 0);
  parts.forEach((part, i) => {
    const found = isNDArray(part) ? part.shape : [];
    if (found.length !== shape.length) {
      throw new TypeError(
        `Cannot pad ${
          name(i)
        }: found shape [${found}] where the description says ${dtype} [${shape}]; give all items as many dimensions`,
      );
    }
    found.forEach((length, d) => most[d] = Math.max(most[d]!, length));
  });
  return most;
}

/** An array of a larger shape that begins as the given one. */
function fill(array: NDArray, shape: readonly number[], value: number): NDArray {
  if (`${array.shape}` === `${shape}`) return array;
  const result = new NDArray(array.dtype, shape);
  if (value !== 0) {
    (result.data as Float32Array).fill((array.dtype.endsWith("int64") ? BigInt(value) : value) as number);
  }
  const width = array.shape.at(-1)!, rows = width === 0 ? 0 : array.size / width;
  const [from, to] = [array.data, result.data] as unknown as [Float32Array, Float32Array];
  for (let row = 0; row < rows; row++) {
    to.set(from.subarray(row * width, (row + 1) * width), startOf(row, array.shape, shape));
  }
  return result;
}

/** Where a row (along the last dimension) of an array begins in one of a larger shape. */
function startOf(row: number, from: readonly number[], to: readonly number[]): number {
  let start = 0;
  for (let d = from.length - 2; d >= 0; d--) {
    start += (row % from[d]!) * sizeOf(to.slice(d + 1));
    row = Math.floor(row / from[d]!);
  }
  return start;
}

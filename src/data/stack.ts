import { NDArray, sizeOf } from "../module/ndarray.ts";
import type { ArrayDescription } from "./batch.ts";

/**
 * Arrays or numbers of one shape and dtype, stacked along a new first dimension.
 *
 * @param description what each of them must look like
 * @param name what to call the i-th in an error
 * @throws {TypeError} one that looks otherwise, named
 */
export function stack(
  parts: readonly (number | NDArray)[],
  { shape, dtype }: ArrayDescription,
  name: (i: number) => string,
): NDArray {
  const size = sizeOf(shape);
  const result = new NDArray(dtype, [parts.length, ...shape]);
  const data = result.data as unknown as Float32Array;
  parts.forEach((part, i) => {
    const fits = typeof part === "number"
      ? shape.length === 0 && putNumber(data, i, part, dtype)
      : part.dtype === dtype && sameShape(part.shape, shape);
    if (!fits) misfit(part, shape, dtype, name(i));
    if (typeof part !== "number") data.set(part.data as Float32Array, i * size);
  });
  return result;
}

/** Puts a number into its place; gives whether it can stand there without being made another whole number. */
function putNumber(data: Float32Array, i: number, value: number, dtype: ArrayDescription["dtype"]): boolean {
  if (dtype.endsWith("int64")) return false;
  data[i] = value;
  return dtype.startsWith("float") || data[i] === value;
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis]);

function misfit(part: number | NDArray, shape: readonly number[], dtype: string, name: string): never {
  const found = typeof part === "number" ? `the number ${part}` : `${part.dtype} [${part.shape}]`;
  throw new TypeError(
    `Cannot stack ${name}: found ${found} where the description says ${dtype} [${shape}]; make all items alike, or override description`,
  );
}

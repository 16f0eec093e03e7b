import { arrayTypes, NDArray, sizeOf } from "../module/ndarray.ts";
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
    if (typeof part === "number") data[i] = fitting(part, shape, dtype) ? part : misfit(part, shape, dtype, name(i));
    else if (part.dtype === dtype && `${part.shape}` === `${shape}`) data.set(part.data as Float32Array, i * size);
    else misfit(part, shape, dtype, name(i));
  });
  return result;
}

/** Whether a number can stand for an item of this shape and dtype without being rounded. */
function fitting(value: number, shape: readonly number[], dtype: ArrayDescription["dtype"]): boolean {
  if (shape.length > 0 || dtype.endsWith("int64")) return false;
  return dtype.startsWith("float") || new arrayTypes[dtype]([value] as never)[0] === value;
}

function misfit(part: number | NDArray, shape: readonly number[], dtype: string, name: string): never {
  const found = typeof part === "number" ? `the number ${part}` : `${part.dtype} [${part.shape}]`;
  throw new TypeError(
    `Cannot stack ${name}: found ${found} where the description says ${dtype} [${shape}]; make all items alike, or override description`,
  );
}

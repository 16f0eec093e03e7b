import { isNDArray, NDArray } from "../module/ndarray.ts";

/** Numbers, of any type of array. */
export type Numbers = ArrayLike<number> | NDArray;

/** The numbers of an array. @throws {TypeError} 64-bit integers, which are not numbers here */
export function numbersOf(values: Numbers, what: string): ArrayLike<number> {
  const data: ArrayLike<unknown> = isNDArray(values) ? values.data : values;
  if (typeof data?.length !== "number") {
    throw new TypeError(`Cannot draw ${what}: found ${typeof values}; give an array`);
  }
  if (data.length > 0 && typeof data[0] !== "number") {
    throw new TypeError(`Cannot draw ${what}: found items of type ${typeof data[0]}; give numbers`);
  }
  return data as ArrayLike<number>;
}

import { Buffer } from "node:buffer";
import { freshBytes } from "../module/fresh_bytes.ts";
import { arrayTypes, type DType, NDArray, sizeOf } from "../module/ndarray.ts";
import { fromBuffer, ownBuffer } from "./arrays.ts";

/** How an array's elements lie in a file. */
export interface ArrayLayout {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bigEndian?: boolean;
  /** Whether the first dimension, not the last, runs fastest. */
  readonly fortran?: boolean;
}

/** How many bytes an array takes. */
export const bytesOf = ({ dtype, shape }: ArrayLayout): number => sizeOf(shape) * arrayTypes[dtype].BYTES_PER_ELEMENT;

/** Zeros, to be read into: see {@linkcode freshBytes}. */
export function freshArray(dtype: DType, shape: readonly number[]): NDArray {
  const { buffer } = freshBytes(bytesOf({ dtype, shape }));
  return new NDArray(dtype, shape, new arrayTypes[dtype](buffer));
}

/** The NDArray whose elements these bytes are, in a buffer of its own. The bytes must be so many as the layout takes. */
export const arrayFrom = (bytes: Uint8Array, layout: ArrayLayout): NDArray => arrayIn(ownBuffer(bytes), layout);

/** The NDArray whose elements a buffer has, which is the array's from then on. */
export function arrayIn(buffer: ArrayBuffer, { dtype, shape, bigEndian, fortran }: ArrayLayout): NDArray {
  const width = arrayTypes[dtype].BYTES_PER_ELEMENT;
  if (bigEndian) swapBytes(buffer, width);
  if (fortran && shape.length > 1) {
    const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
    buffer = gather(buffer, width, shape, strides);
  }
  return fromBuffer(dtype, shape, buffer);
}

/** Turns each number of so many bytes around, in place. */
export function swapBytes(buffer: ArrayBuffer, width: number): void {
  const bytes = Buffer.from(buffer);
  if (width === 2) bytes.swap16();
  if (width === 4) bytes.swap32();
  if (width === 8) bytes.swap64();
}

/** The array with its dimensions in another order, as numpy's `transpose(axes)` has it. */
export function transpose(array: NDArray, axes: readonly number[]): NDArray {
  const { dtype, shape, data } = array;
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const turned = axes.map((axis) => shape[axis]!), steps = axes.map((axis) => strides[axis]!);
  return fromBuffer(dtype, turned, gather(ownBuffer(array.bytes), data.BYTES_PER_ELEMENT, turned, steps));
}

/** Elements, as bits, in row-major order of a shape; in the buffer they lie so many elements apart along each dimension. */
function gather(buffer: ArrayBuffer, width: number, shape: readonly number[], strides: readonly number[]): ArrayBuffer {
  const words = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array }[width] as typeof Uint8Array;
  const from = new words(buffer), to = new words(from.length);
  const index = shape.map(() => 0);
  for (let i = 0, at = 0; i < to.length; i++) {
    to[i] = from[at]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return to.buffer;
}

import { type DType, isNDArray, type NDArray } from "../module/ndarray.ts";
import { nameOf } from "./values.ts";

/** A picture to be written. */
export interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly array: NDArray;
}

/** An NDArray of shape [height, width, channels], or [height, width], as a picture. @throws {TypeError} anything else */
export function toImage(value: unknown, format: string, dtypes: readonly DType[], channels: readonly number[]): Image {
  const mend = `it holds one NDArray of ${dtypes.join(" or ")}, [height, width, ${channels.join(" or ")}]`;
  if (!isNDArray(value)) throw new TypeError(`Cannot write ${format}: found ${nameOf(value)}; ${mend}`);
  const { dtype, shape } = value, [height = 0, width = 0, depth = 1] = shape;
  const isRank = shape.length === 3 || (shape.length === 2 && channels.includes(1));
  if (isRank && dtypes.includes(dtype) && channels.includes(depth) && height > 0 && width > 0) {
    return { height, width, channels: depth, array: value };
  }
  throw new TypeError(`Cannot write ${format}: found an NDArray of ${dtype} and shape [${shape}]; ${mend}`);
}

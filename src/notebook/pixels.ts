import { isNDArray, type NDArray } from "../module/ndarray.ts";
import type { Pixels } from "./png_uri.ts";

/** Images of equal sizes as pixels that can be shown. */
export interface Images {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** One image. */
  at(index: number): Pixels;
}

/**
 * Images of an array of shape [n, height, width] or [n, height, width, channels], 1, 3 or 4 channels. Bytes are taken as
 * they are, values from 0 to 1 as darkest to brightest; anything else from its lowest to its highest value.
 *
 * @throws {TypeError} no NDArray; @throws {RangeError} another shape
 */
export function imagesOf(array: NDArray): Images {
  if (!isNDArray(array)) {
    throw new TypeError("Cannot draw images: found no NDArray; give one of shape [n, height, width]");
  }
  const [count = 0, height = 0, width = 0, channels = 1] = array.shape;
  if (array.shape.length < 3 || array.shape.length > 4 || ![1, 3, 4].includes(channels) || height * width === 0) {
    throw new RangeError(
      `Cannot draw images: found shape [${array.shape.join(", ")}]; ` +
        "it must be [n, height, width] or [n, height, width, channels] with 1, 3 or 4 channels",
    );
  }
  const [low, high] = rangeOf(array);
  const size = height * width * channels, scale = high > low ? 255 / (high - low) : 0;
  return {
    count,
    width,
    height,
    at(index) {
      const data = new Uint8Array(size);
      for (let i = 0; i < size; i++) {
        const value = (Number(array.data[index * size + i]) - low) * scale;
        data[i] = value > 0 ? Math.min(255, Math.round(value)) : 0;
      }
      return { width, height, channels, data };
    },
  };
}

/** The values of the darkest and the brightest point. */
function rangeOf({ dtype, data }: NDArray): [low: number, high: number] {
  if (dtype === "uint8") return [0, 255];
  let low = Infinity, high = -Infinity;
  for (const one of data) {
    const value = Number(one);
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low >= 0 && high <= 1 ? [0, 1] : [low, high];
}

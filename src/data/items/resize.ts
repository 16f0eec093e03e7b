import { NDArray } from "../../module/ndarray.ts";

/** The pixels that make one pixel of a row or column, from the first on, and their parts in it. */
interface Mix {
  readonly from: number;
  readonly weights: readonly number[];
}

/**
 * An image of another size, bilinear, stretched where the proportions differ. Where it shrinks, a pixel is the mean of
 * all those it covers, weighted by a triangle (as Pillow, torchvision and TensorFlow with `antialias` do); pixels' centres
 * lie at halves.
 *
 * @param image shape `[height, width, channels]`
 * @param size height and width
 * @returns float32 `[...size, channels]`
 */
export function resize(image: NDArray, [height, width]: readonly [number, number]): NDArray {
  const [rows, columns, channels] = image.shape as [number, number, number];
  const across = mixes(columns, width), down = mixes(rows, height);
  const narrow = new Float32Array(rows * width * channels);
  const from = image.data as Float32Array;
  for (let y = 0; y < rows; y++) {
    across.forEach((mix, x) => blend(narrow, (y * width + x) * channels, from, y * columns, 1, mix, channels));
  }
  const result = new NDArray("float32", [height, width, channels]), data = result.data as Float32Array;
  down.forEach((mix, y) => {
    for (let x = 0; x < width; x++) blend(data, (y * width + x) * channels, narrow, x, width, mix, channels);
  });
  return result;
}

/** Writes one pixel, mixed of some that lie `step` pixels apart, the first at `start`. */
function blend(
  to: Float32Array,
  at: number,
  from: Float32Array,
  start: number,
  step: number,
  mix: Mix,
  channels: number,
): void {
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let k = 0; k < mix.weights.length; k++) {
      sum += from[(start + (mix.from + k) * step) * channels + c]! * mix.weights[k]!;
    }
    to[at + c] = sum;
  }
}

/** Of which pixels each pixel of the new length is made. */
function mixes(length: number, wanted: number): Mix[] {
  const ratio = length / wanted, reach = Math.max(1, ratio);
  return Array.from({ length: wanted }, (_, i) => {
    const centre = (i + 0.5) * ratio;
    const from = Math.max(0, Math.floor(centre - reach + 0.5)), to = Math.min(length, Math.floor(centre + reach + 0.5));
    const weights = Array.from(
      { length: to - from },
      (_, k) => Math.max(0, 1 - Math.abs(from + k + 0.5 - centre) / reach),
    );
    const sum = weights.reduce((total, weight) => total + weight);
    return { from, weights: weights.map((weight) => weight / sum) };
  });
}

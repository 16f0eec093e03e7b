import { fill, get, indices, map, type Numbers, sumOver } from "./array.ts";

/** How a window moves, for each dimension that it has. */
export interface Window {
  readonly strides: readonly number[];
  readonly rates: readonly number[];
  readonly padding: string;
}

/** How many places a window has along each side, and how far the first begins before the edge, as TensorFlow has it. */
export function placesOf(lengths: readonly number[], sizes: readonly number[], { strides, rates, padding }: Window) {
  return lengths.map((length, i) => {
    const reach = (sizes[i]! - 1) * rates[i]! + 1, stride = strides[i]!;
    if (padding === "causal") return { count: Math.ceil(length / stride), before: reach - 1 };
    if (padding === "valid") return { count: Math.ceil((length - reach + 1) / stride), before: 0 };
    const count = Math.ceil(length / stride);
    return { count, before: Math.max(0, (count - 1) * stride + reach - length) >> 1 };
  });
}

/** A convolution of `[batch, ..., channels]` with `[..., channels, filters]`, by its definition. */
export function convolution(x: Numbers, kernel: Numbers, window: Window): Numbers {
  const sides = x.shape.slice(1, -1), sizes = kernel.shape.slice(0, -2), [channels, filters] = kernel.shape.slice(-2);
  const places = placesOf(sides, sizes, window);
  return fill([x.shape[0]!, ...places.map(({ count }) => count), filters!], (at) => {
    const [item, filter, corner] = [at[0]!, at.at(-1)!, at.slice(1, -1)];
    return sumOver([...sizes, channels!], (tap) => {
      const channel = tap.at(-1)!;
      const from = corner.map((c, i) => c * window.strides[i]! - places[i]!.before + tap[i]! * window.rates[i]!);
      return get(x, [item, ...from, channel]) * get(kernel, [...tap, filter]);
    });
  });
}

/** Each channel with its own kernels, `[..., channels, multiplier]`. */
export function depthwise(x: Numbers, kernel: Numbers, window: Window): Numbers {
  const sizes = kernel.shape.slice(0, -2), multiplier = kernel.shape.at(-1)!;
  const places = placesOf(x.shape.slice(1, -1), sizes, window);
  return fill([x.shape[0]!, ...places.map(({ count }) => count), x.shape.at(-1)! * multiplier], (at) => {
    const channel = Math.floor(at.at(-1)! / multiplier), corner = at.slice(1, -1);
    return sumOver(sizes, (tap) => {
      const from = corner.map((c, i) => c * window.strides[i]! - places[i]!.before + tap[i]! * window.rates[i]!);
      return get(x, [at[0]!, ...from, channel]) * get(kernel, [...tap, channel, at.at(-1)! % multiplier]);
    });
  });
}

/** What a convolution with `[..., filters, channels]` does to a gradient: each number is spread over its window. */
export function transposed(x: Numbers, kernel: Numbers, { strides, padding }: Window): Numbers {
  const sizes = kernel.shape.slice(0, -2), filters = kernel.shape.at(-2)!;
  const sides = x.shape.slice(1, -1).map((length, i) =>
    padding === "same" ? length * strides[i]! : length * strides[i]! + Math.max(sizes[i]! - strides[i]!, 0)
  );
  const places = placesOf(sides, sizes, { strides, rates: sizes.map(() => 1), padding });
  const shape = [x.shape[0]!, ...sides, filters], sums = new Map<string, number>();
  for (const at of indices(x.shape)) {
    for (const tap of indices([...sizes, filters])) {
      const to = tap.slice(0, -1).map((t, i) => at[i + 1]! * strides[i]! - places[i]!.before + t);
      const key = `${[at[0]!, ...to, tap.at(-1)!]}`;
      sums.set(key, (sums.get(key) ?? 0) + get(x, at) * get(kernel, [...tap, at.at(-1)!]));
    }
  }
  return fill(shape, (at) => sums.get(`${at}`) ?? 0);
}

/** The greatest number in each window, or the mean of those that lie inside. */
export function pooled(kind: "max" | "mean", x: Numbers, sizes: readonly number[], window: Window): Numbers {
  const places = placesOf(x.shape.slice(1, -1), sizes, window);
  return fill([x.shape[0]!, ...places.map(({ count }) => count), x.shape.at(-1)!], (at) => {
    const inside = [...indices(sizes)].map((tap) => {
      const from = tap.map((t, i) => at[i + 1]! * window.strides[i]! - places[i]!.before + t);
      return get(x, [at[0]!, ...from, at.at(-1)!], NaN);
    }).filter((value) => !Number.isNaN(value));
    return kind === "max" ? Math.max(...inside) : inside.reduce((a, b) => a + b) / inside.length;
  });
}

/** Mean zero and variance one over these dimensions, then scaled and moved by numbers that lie along `own`. */
export function normalized(
  x: Numbers,
  over: readonly number[],
  own: readonly number[],
  { gamma, beta, epsilon = 1e-3 }: { gamma?: Numbers | undefined; beta?: Numbers | undefined; epsilon?: number },
): Numbers {
  const group = x.shape.map((length, axis) => over.includes(axis) ? length : 1);
  return fill(x.shape, (at) => {
    const base = at.map((index, axis) => over.includes(axis) ? 0 : index);
    const values = [...indices(group)].map((offset) => get(x, base.map((b, axis) => b + offset[axis]!)));
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const place = own.map((axis) => at[axis]!);
    const scale = gamma === undefined ? 1 : get(gamma, place), offset = beta === undefined ? 0 : get(beta, place);
    return (get(x, at) - mean) / Math.sqrt(variance + epsilon) * scale + offset;
  });
}

/** How many old steps away a new place is: `tf.image.resize` of TensorFlow 2, whose pixels have their centres at halves. */
const oldPlace = (i: number, old: number, next: number) => (i + 0.5) * old / next - 0.5;

/** An image at another size. */
export function resized(kind: string, x: Numbers, height: number, width: number): Numbers {
  const [batch, oldHeight, oldWidth, channels] = x.shape as [number, number, number, number];
  return fill([batch, height, width, channels], ([item, row, column, channel]) => {
    const [y, z] = [oldPlace(row!, oldHeight, height), oldPlace(column!, oldWidth, width)];
    const pixel = (r: number, c: number) =>
      get(x, [item!, Math.min(Math.max(r, 0), oldHeight - 1), Math.min(Math.max(c, 0), oldWidth - 1), channel!]);
    if (kind === "nearest") return pixel(Math.floor(y + 0.5), Math.floor(z + 0.5));
    const [top, left] = [Math.floor(y), Math.floor(z)], [low, right] = [y - top, z - left];
    const along = (r: number) => pixel(r, left) * (1 - right) + pixel(r, left + 1) * right;
    return along(top) * (1 - low) + along(top + 1) * low;
  });
}

/** Adds a bias to the last dimension. */
export const biased = (x: Numbers, bias?: Numbers): Numbers =>
  bias === undefined ? x : fill(x.shape, (at) => get(x, at) + get(bias, [at.at(-1)!]));

/** `[batch, length] · [length, columns]` of the rows of one time step. */
export const times = (x: Numbers, matrix: Numbers): Numbers =>
  fill(
    [...x.shape.slice(0, -1), matrix.shape[1]!],
    (at) => sumOver([matrix.shape[0]!], ([i]) => get(x, [...at.slice(0, -1), i!]) * get(matrix, [i!, at.at(-1)!])),
  );

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
export { map };

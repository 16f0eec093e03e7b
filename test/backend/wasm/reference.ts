import type { KernelBackend } from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import type { TF } from "../../../src/backend/tf.ts";

/** Numbers without a pattern, the same for the same seed: about half of them negative. */
export const numbers = (size: number, seed = 1): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.fround(Math.sin(seed * 12.9898 + i * 78.233) * 2));

export const product = (lengths: readonly number[]): number => lengths.reduce((all, length) => all * length, 1);

/** Every place of a shape, the last index running fastest. */
export function* everyPlace(shape: readonly number[], place: number[] = []): Generator<number[]> {
  if (place.length === shape.length) yield place;
  else for (let i = 0; i < shape[place.length]!; i++) yield* everyPlace(shape, [...place, i]);
}

/** A window's options, of each axis that it slides over. */
export interface Sliding {
  readonly taps: readonly number[];
  readonly strides: readonly number[];
  readonly dilations?: readonly number[];
  readonly pad: "same" | "valid" | number | readonly (readonly [number, number])[];
}

/** One axis of a window by its definition: for each place, its taps that are inside as [tap, position]. */
function placesOf(length: number, axis: number, { taps, strides, dilations, pad }: Sliding): [number, number][][] {
  const stride = strides[axis]!, far = dilations?.[axis] ?? 1, reach = (taps[axis]! - 1) * far + 1;
  const same = Math.max(0, (Math.ceil(length / stride) - 1) * stride + reach - length);
  const [before, after] = pad === "same"
    ? [same >> 1, same - (same >> 1)]
    : pad === "valid"
    ? [0, 0]
    : typeof pad === "number"
    ? [pad, pad]
    : pad[axis]!;
  const places: [number, number][][] = [];
  for (let start = -before; start + reach <= length + after; start += stride) {
    const inside = Array.from({ length: taps[axis]! }, (_, tap): [number, number] => [tap, start + tap * far]);
    places.push(inside.filter(([, at]) => at >= 0 && at < length));
  }
  return places;
}

/** Every place of a window over some axes, and what it takes in there: tap and position, both counted flat. */
export function windows(lengths: readonly number[], sliding: Sliding): { shape: number[]; all: [number, number][][] } {
  const axes = lengths.map((length, axis) => placesOf(length, axis, sliding));
  let all: [number, number][][] = [[[0, 0]]];
  axes.forEach((places, axis) => {
    all = all.flatMap((outer) =>
      places.map((place) =>
        outer.flatMap(([tap, at]) =>
          place.map(([t, a]): [number, number] => [tap * sliding.taps[axis]! + t, at * lengths[axis]! + a])
        )
      )
    );
  });
  return { shape: axes.map((places) => places.length), all };
}

/** The largest difference of two lists, and as long as they are. */
export function difference(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Infinity;
  let most = 0;
  for (let i = 0; i < found.length; i++) {
    if (!Object.is(found[i], wanted[i])) most = Math.max(most, Math.abs(found[i]! - wanted[i]!));
    if (Number.isNaN(most)) return NaN;
  }
  return most;
}

/** A function's gradient by central differences. */
export function slope(f: (x: Float64Array) => number, x: ArrayLike<number>): Float64Array {
  const at = Float64Array.from(x), step = 1e-4;
  return at.map((_, i) => {
    const move = (by: number) => f(at.map((each, j) => j === i ? each + by : each));
    return (move(step) - move(-step)) / (2 * step);
  });
}

/** Fails when something leaves tensors behind: of the engine, or of the wasm backend itself. */
export function withoutLeaks(tf: TF, work: () => void): void {
  const backend = tf.backend() as KernelBackend & { numDataIds(): number };
  const before = [tf.memory().numTensors, backend.numDataIds()];
  work();
  assert.deepEqual([tf.memory().numTensors, backend.numDataIds()], before);
}

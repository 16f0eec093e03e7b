import type { SeriesPoints } from "./series_points.ts";

/** The mean of repeats over common places, with the edges of a band around it. */
export interface Repeats {
  readonly x: Float64Array;
  readonly mean: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * The mean of several lines at each of at most `points` places: their own ones if they share them, else equally far
 * apart ones, each line's values around such a place averaged, or taken between its neighbours where it has none there.
 * A line counts only from its first to its last place. The band: the lowest to the highest, or one standard deviation.
 */
export function meanOfRepeats(lines: readonly SeriesPoints[], points: number, bands: "minmax" | "std"): Repeats {
  const x = commonPlaces(lines, points);
  const rows = lines.map((line) => startsAs(line.x, x) ? padded(line.y, x.length) : resample(line, x));
  const result = { x, mean: x.map(() => NaN), low: x.map(() => NaN), high: x.map(() => NaN) };
  for (let i = 0; i < x.length; i++) {
    const values = rows.map((row) => row[i]!).filter(Number.isFinite);
    if (values.length === 0) continue;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1),
    );
    result.mean[i] = mean;
    result.low[i] = bands === "std" ? mean - spread : Math.min(...values);
    result.high[i] = bands === "std" ? mean + spread : Math.max(...values);
  }
  return result;
}

const startsAs = (start: Float64Array, whole: Float64Array): boolean =>
  start.length <= whole.length && start.every((at, i) => at === whole[i]);

function padded(values: Float64Array, length: number): Float64Array {
  const all = new Float64Array(length).fill(NaN);
  all.set(values);
  return all;
}

function commonPlaces(lines: readonly SeriesPoints[], points: number): Float64Array {
  const longest = lines.reduce((a, b) => b.x.length > a.x.length ? b : a).x;
  const shared = lines.every(({ x }) => startsAs(x, longest));
  if (shared && longest.length <= points) return longest;
  let first = Infinity, last = -Infinity;
  for (const { x } of lines) {
    for (const at of x) {
      if (!Number.isFinite(at)) continue;
      first = Math.min(first, at);
      last = Math.max(last, at);
    }
  }
  if (!(first < last)) return Float64Array.of(first).filter(Number.isFinite);
  return Float64Array.from({ length: points }, (_, i) => first + (last - first) * i / (points - 1));
}

/** A line's values at equally far apart places: the mean of those nearest to each, else between its neighbours. */
function resample(line: SeriesPoints, places: Float64Array): Float64Array {
  const { x, y } = sorted(line);
  const half = places.length > 1 ? (places[1]! - places[0]!) / 2 : 0;
  const [first, last] = [x[0]! - half, x.at(-1)! + half];
  let at = 0;
  return places.map((place) => {
    if (!(place >= first && place <= last)) return NaN;
    let sum = 0, count = 0;
    for (; at < x.length && x[at]! < place + half; at++) {
      sum += y[at]!;
      count++;
    }
    return count > 0 ? sum / count : between(x, y, at, place);
  });
}

/** The value at a place between the points `at - 1` and `at`. */
function between(x: ArrayLike<number>, y: ArrayLike<number>, at: number, place: number): number {
  if (at === 0) return y[0]!;
  if (at === x.length) return y[at - 1]!;
  return y[at - 1]! + (y[at]! - y[at - 1]!) * (place - x[at - 1]!) / (x[at]! - x[at - 1]!);
}

/** The points that are there, by their places. */
function sorted({ x, y }: SeriesPoints): { x: number[]; y: number[] } {
  const order = Array.from(x.keys()).filter((i) => Number.isFinite(x[i]! + y[i]!)).sort((a, b) => x[a]! - x[b]!);
  return { x: order.map((i) => x[i]!), y: order.map((i) => y[i]!) };
}

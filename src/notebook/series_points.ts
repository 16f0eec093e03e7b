import type { History } from "../module/history.ts";
import { axes, type Axis } from "../module/series.ts";
import { suggest } from "../module/text.ts";
import type { Trace } from "./figure.ts";

/** A series over an axis or over another series. */
export interface SeriesPoints {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** What stands below an axis. */
export const axisTitle = (x: string): string => x === "time" ? "time (s)" : x;

/** Epochs are whole: a few of them have a mark each, where Plotly would halve them. */
export function axisStep(x: string, data: readonly Trace[]): number | undefined {
  const few = data.every((trace) => (trace.x as (number | null)[]).every((at) => at === null || at <= 12));
  return x === "epoch" && few ? 1 : undefined;
}

/** Whether this is an axis that grows with the run, not the name of another series. */
export const isAxis = (x: string): x is Axis => (axes as readonly string[]).includes(x);

/** @throws {RangeError} neither an axis nor, in a run that has ended, a series */
export function checkX(x: string, names: readonly string[], live: boolean): void {
  if (isAxis(x) || live || names.includes(x)) return;
  throw new RangeError(
    `Cannot draw over "${x}": it is neither an axis nor a series; ${suggest(x, [...axes, ...names])}`,
  );
}

/** One series' points; over another series, each value stands at the other's latest value at its step. */
export function seriesPoints(history: History, name: string, x: string): SeriesPoints {
  if (isAxis(x)) return history.series(name, { by: x });
  const [values, other] = [history.series(name), history.series(x)];
  const points: { x: number[]; y: number[] } = { x: [], y: [] };
  let at = -1;
  values.step!.forEach((step, index) => {
    while (at + 1 < other.y.length && other.step![at + 1]! <= step) at++;
    if (at < 0) return;
    points.x.push(other.y[at]!);
    points.y.push(values.y[index]!);
  });
  return { x: Float64Array.from(points.x), y: Float64Array.from(points.y) };
}

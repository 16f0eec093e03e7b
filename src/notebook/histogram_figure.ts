import { plotlyText } from "./escape.ts";
import type { Figure, Trace } from "./figure.ts";
import { short } from "./running_range.ts";
import { subplots } from "./subplots.ts";
import { colourOf } from "./theme.ts";
import { type Numbers, numbersOf } from "./values_of.ts";

/** How histograms are drawn. */
export interface HistogramOptions {
  title?: string;
  /** Bars in each; 40. */
  bins?: number;
  /** Pixels. */
  height?: number;
  width?: number;
}

/** How many values fall into each of equally wide parts of their range. */
export interface Histogram {
  /** The left edge of the first bar. */
  readonly start: number;
  /** The width of a bar. */
  readonly step: number;
  readonly counts: readonly number[];
  readonly mean: number;
  /** The standard deviation. */
  readonly spread: number;
  /** Values that are NaN or infinite: in no bar. */
  readonly missing: number;
}

/**
 * Histograms of named arrays, such as a net's weights; they are counted here, so that the figure stays small however
 * large the arrays are.
 *
 * @throws {TypeError} something that is no array of numbers; @throws {RangeError} an impossible number of bars
 */
export function histogramFigure(arrays: Readonly<Record<string, Numbers>>, options: HistogramOptions = {}): Figure {
  const { title, bins = 40, height, width } = options;
  if (!Number.isInteger(bins) || bins < 1 || bins > 1000) {
    throw new RangeError(`Cannot draw histograms of ${bins} bars: give a whole number from 1 to 1000`);
  }
  const all = Object.entries(arrays).map(([name, values]) => ({
    name,
    ...histogram(numbersOf(values, `a histogram of "${name}"`), bins),
  }));
  const layout = subplots({
    titles: all.map((one) => `<b>${plotlyText(one.name, 20)}</b> ${describe(one)}`),
    title: title === undefined ? undefined : plotlyText(title, 120),
    xTitle: "value",
    ...{ y: "linear", height, width, legend: [], linked: false },
  });
  return { data: all.map(bars), layout: { ...layout, bargap: 0.05 } };
}

/** Counts values; where none is finite there are no bars. */
export function histogram(values: ArrayLike<number>, bins: number): Histogram {
  let low = Infinity, high = -Infinity, sum = 0, finite = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    sum += value;
    finite++;
  }
  const missing = values.length - finite, mean = sum / finite;
  if (finite === 0) return { start: 0, step: 1, counts: [], mean: NaN, spread: NaN, missing };
  // All the same: one bar in the middle of the chart.
  const step = high > low ? (high - low) / bins : Math.abs(low) / bins || 1 / bins;
  const start = high > low ? low : low - step * bins / 2;
  const counts = new Array<number>(bins).fill(0);
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    counts[Math.min(bins - 1, Math.floor((value - start) / step))]!++;
    squares += (value - mean) ** 2;
  }
  return { start, step, counts, mean, spread: Math.sqrt(squares / finite), missing };
}

function describe({ mean, spread, missing }: Histogram): string {
  const numbers = Number.isNaN(mean) ? "no values" : `${short(mean, 3)} ± ${short(spread, 3)}`;
  return `<span style="font-size:11px">${missing > 0 ? `${missing} not finite` : numbers}</span>`;
}

const bars = ({ name, start, step, counts }: Histogram & { name: string }, index: number): Trace => ({
  type: "bar",
  name: plotlyText(name, 60),
  showlegend: [],
  xaxis: index === 0 ? "x" : `x${index + 1}`,
  yaxis: index === 0 ? "y" : `y${index + 1}`,
  marker: { color: colourOf(0) },
  x: counts.map((_, bar) => short(start + step * (bar + 0.5))),
  width: short(step),
  y: [...counts],
});

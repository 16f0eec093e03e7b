import type { Json } from "../module/value.ts";
import { plotlyText } from "./escape.ts";
import type { Trace } from "./figure.ts";
import { short } from "./running_range.ts";
import type { SeriesPoints } from "./series_points.ts";
import { axisNumber } from "./subplots.ts";
import { fade } from "./theme.ts";

/** How one line looks, and where it belongs. */
export interface LineOptions {
  /** Which chart of the figure, from 0. */
  readonly chart: number;
  /** What the legend says; lines of the same label are switched together. */
  readonly label: string;
  readonly colour: string;
  /** Whether the legend names it: only one of those with the same label. */
  readonly named: boolean;
  readonly width: number;
  readonly marked: boolean;
  readonly dash?: string;
  readonly opacity?: number;
  /** The series that it shows, so that a live chart finds its line again. */
  readonly series?: string;
}

/** One line of a chart. */
export function line(points: SeriesPoints, options: LineOptions): Trace {
  const { chart, label, colour, named, width, marked, dash, opacity, series } = options;
  return {
    type: "scatter",
    mode: marked ? "lines+markers" : "lines",
    name: plotlyText(label, 60),
    legendgroup: plotlyText(label),
    showlegend: named,
    ...placeOf(chart),
    line: { color: opacity === undefined ? colour : fade(colour, opacity), width, ...(dash ? { dash } : {}) },
    ...(marked ? { marker: { size: 4.5, color: colour } } : {}),
    ...(opacity === undefined ? {} : { hoverinfo: "skip" }),
    ...(series === undefined ? {} : { meta: series }),
    x: numbers(points.x, 7),
    y: numbers(points.y),
  };
}

/** The area between two lines over the same places; gaps of either are left out. */
export function band(
  x: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  options: LineOptions,
): Trace {
  const kept = Array.from({ length: x.length }, (_, i) => i).filter((i) => Number.isFinite(low[i]! + high[i]!));
  const back = kept.toReversed();
  return {
    type: "scatter",
    mode: "lines",
    name: plotlyText(options.label, 60),
    legendgroup: plotlyText(options.label),
    showlegend: false,
    ...placeOf(options.chart),
    line: { width: 0 },
    fill: "toself",
    fillcolor: fade(options.colour, 0.2),
    hoverinfo: "skip",
    x: numbers([...kept, ...back].map((i) => x[i]!), 7),
    y: numbers([...kept.map((i) => high[i]!), ...back.map((i) => low[i]!)]),
  };
}

/** Numbers as JSON with as many digits as can be seen; what is not finite is a gap. */
export const numbers = (values: ArrayLike<number>, digits?: number): Json[] =>
  Array.from(values, (value) => Number.isFinite(value) ? short(value, digits) : null);

const placeOf = (chart: number) => ({ xaxis: `x${axisNumber(chart)}`, yaxis: `y${axisNumber(chart)}` });

import { z } from "zod";
import { parseOptions } from "../module/options.ts";

/** A name, a pattern (`train/*`, or `loss` for every phase's), or a regular expression. */
export type SeriesChoice = string | RegExp;

/** What a chart shows, and how. */
export interface ChartOptions {
  /** Which series: names, patterns (`train/*`; `loss` for every phase's) or regular expressions; all unless said. */
  series?: SeriesChoice | readonly SeriesChoice[];
  /** `step` (default), `epoch`, `time` (seconds of training), `samples`, or the name of another series. */
  x?: string;
  /** `linear` (default) or `log`. */
  y?: "linear" | "log";
  /** Weight of the past in a running mean, 0 (default: none) up to but not 1; the raw values stay, pale. */
  smoothing?: number;
  title?: string;
  /** Pixels; from the number of charts unless said. */
  height?: number;
  /** Pixels; as wide as there is room unless said. */
  width?: number;
  /** At most so many points a series: what a screen can show; 300. */
  points?: number;
  /** What is drawn around the mean of repeats: `minmax` (default), one standard deviation, or nothing. */
  bands?: "minmax" | "std" | false;
  /** Whether the best value is named beside a chart's title; true. */
  best?: boolean;
}

const choice = z.union([z.string(), z.instanceof(RegExp)]);

const chart = {
  name: "a chart",
  prototype: undefined,
  schema: z.strictObject({
    series: z.union([choice, z.array(choice)], "series takes names, patterns or regular expressions").optional(),
    x: z.string().default("step"),
    y: z.enum(["linear", "log"]).default("linear"),
    smoothing: z.number().min(0).lt(1).default(0),
    title: z.string().optional(),
    height: z.number().min(100).max(10_000).optional(),
    width: z.number().min(100).max(10_000).optional(),
    points: z.int().min(5).max(100_000).default(300),
    bands: z.union([z.enum(["minmax", "std"]), z.literal(false)]).default("minmax"),
    best: z.boolean().default(true),
  }),
};

/** A chart's options with their defaults. */
export type Chart = z.infer<typeof chart.schema>;

/** Options with their defaults. @throws {TypeError} all that is wrong with them, with the nearest valid key */
export const chartOf = (options: ChartOptions = {}): Chart => parseOptions(chart, options) as Chart;

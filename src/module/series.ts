/** The axes of a series. */
export const axes = ["step", "epoch", "time", "samples"] as const;
export type Axis = typeof axes[number];

/** How a series is asked for. */
export interface SeriesOptions {
  by?: Axis;
}

/** One named value over time: equally long typed arrays. */
export interface Series {
  readonly name: string;
  readonly by: Axis;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The step of each value; undefined when each point is an epoch. */
  readonly step?: Float64Array;
  readonly epoch?: Float64Array;
}

/** One value with its place. */
export interface Point {
  readonly value: number;
  readonly step: number;
  readonly epoch: number;
}

/** Whether lower or higher values of a series are better; `auto`: higher for an accuracy and the like, lower for all else. */
export type Better = "min" | "max" | "auto";

/** Whether higher values of a series are better. */
export const higherIsBetter = (series: string, mode: Better): boolean =>
  mode === "max" || (mode === "auto" && /accuracy|topK|auc|precision|recall|f1/i.test(series));

/** Where the best finite value is, the earliest of equals; -1 when there is none. */
export function bestOf(values: Float64Array, mode: "min" | "max"): number {
  let best = -1;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    if (best < 0 || (mode === "min" ? values[i]! < values[best]! : values[i]! > values[best]!)) best = i;
  }
  return best;
}

/** One point an epoch: the mean of its values, weighted by how many samples each is a mean over. */
export function epochMeans(
  values: Float64Array,
  epochs: Float64Array,
  sizes: Float64Array,
): { x: Float64Array; y: Float64Array } {
  const sums = new Map<number, { sum: number; weight: number }>();
  for (let i = 0; i < values.length; i++) {
    const mean = sums.get(epochs[i]!) ?? { sum: 0, weight: 0 };
    mean.sum += values[i]! * sizes[i]!;
    mean.weight += sizes[i]!;
    sums.set(epochs[i]!, mean);
  }
  return {
    x: Float64Array.from(sums.keys()),
    y: Float64Array.from(sums.values(), ({ sum, weight }) => sum / weight),
  };
}

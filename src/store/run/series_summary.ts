import type { History } from "../../module/history.ts";
import { higherIsBetter } from "../../module/series.ts";
import { isRecord, type Value } from "../../module/value.ts";

/** A value of a series with its place: `[value, step, epoch]`. */
export type SummaryPoint = readonly [value: number, step: number, epoch: number];

/** What a run's summary says of one series. */
export interface SeriesSummary {
  readonly last: SummaryPoint;
  /** The extremes, the earliest of equals; none where every value is NaN. */
  readonly min?: SummaryPoint;
  readonly max?: SummaryPoint;
  /** Which of the two is best: as what watches the series was configured, else by its name. */
  readonly better: "min" | "max";
}

/** What is asked of a Statistic. */
interface Values {
  readonly phase: string;
  readonly step: number;
  readonly epoch: number;
  readonly values: Readonly<Record<string, number>>;
}

/** The last and the extreme values of every series of a run, kept up as Statistics come: a constant effort for each. */
export class SeriesSummaries {
  readonly #modes: ReadonlyMap<string, "min" | "max">;
  readonly #series = new Map<string, { last: SummaryPoint; min?: SummaryPoint; max?: SummaryPoint }>();

  /** @param configuration the run's: what watches a series there says which of its values are better */
  constructor(configuration: unknown) {
    this.#modes = monitoredModes(configuration);
  }

  /** Counts a Statistic in. */
  add({ phase, step, epoch, values }: Values): void {
    for (const name in values) this.#addValue(`${phase}/${name}`, [values[name]!, step, epoch]);
  }

  /** Counts in all that a History has. */
  addAll(history: History): void {
    for (const name of history.names) {
      const { y, step, epoch } = history.series(name);
      for (let i = 0; i < y.length; i++) this.#addValue(name, [y[i]!, step![i]!, epoch![i]!]);
    }
  }

  /** By the series' names, in the order of their first value. */
  toValue(): Record<string, SeriesSummary> {
    return Object.fromEntries([...this.#series].map(([name, points]) => {
      const better = this.#modes.get(name) ?? (higherIsBetter(name, "auto") ? "max" : "min");
      return [name, { ...points, better }];
    }));
  }

  #addValue(name: string, point: SummaryPoint): void {
    const [value] = point, known = this.#series.get(name);
    const series = known ?? { last: point };
    series.last = point;
    if (!Number.isNaN(value)) {
      if (series.min === undefined || value < series.min[0]) series.min = point;
      if (series.max === undefined || value > series.max[0]) series.max = point;
    }
    if (known === undefined) this.#series.set(name, series);
  }
}

/** The series that something in a configuration watches with a mode of its own: callbacks, what keeps checkpoints. */
function monitoredModes(node: unknown, found = new Map<string, "min" | "max">()): Map<string, "min" | "max"> {
  if (isRecord(node)) {
    const { mode, monitor, series = monitor } = node;
    if (typeof series === "string" && (mode === "min" || mode === "max")) found.set(series, mode);
  }
  if (isRecord(node) || Array.isArray(node)) Object.values(node).forEach((item) => monitoredModes(item, found));
  return found;
}

/** What a summary says of its series; undefined when it says nothing, as those of older runs. */
export function seriesOf(summary: Value): Readonly<Record<string, SeriesSummary>> | undefined {
  const found = isRecord(summary) ? summary.ranges : undefined;
  return isRecord(found) ? found as unknown as Record<string, SeriesSummary> : undefined;
}

import type { History } from "../module/history.ts";
import type { Statistic } from "../module/statistic.ts";
import { type Chart, chartOf, type ChartOptions } from "./chart_options.ts";
import type { Figure } from "./figure.ts";
import { historyFigure } from "./history_figure.ts";
import { Ranges, short } from "./running_range.ts";
import { chooseSeries } from "./series_groups.ts";
import { isAxis } from "./series_points.ts";
import { RunningMean } from "./smooth.ts";

/** Points to add to a line: which one of the figure's, places, values. */
export type LinePoints = readonly [line: number, x: readonly number[], y: readonly number[]];

/** What changed in a chart: all of it, or points to add. */
export interface ChartUpdate {
  readonly figure?: Figure;
  readonly points?: readonly LinePoints[];
}

/** An epoch whose mean is being made. */
interface OpenEpoch {
  epoch: number;
  sum: number;
  weight: number;
}

/**
 * A chart of a History that grows. What an update costs depends on what came since the last one, not on how much there
 * was before.
 */
export class LiveChart {
  readonly #history: () => History;
  readonly #options: ChartOptions;
  readonly #chart: Chart;
  readonly #ranges = new Ranges();
  readonly #means = new Map<string, RunningMean>();
  readonly #epochs = new Map<string, OpenEpoch>();
  /** Where each series' line is in the figure. */
  readonly #lines = new Map<string, number>();
  /** Whether each series that came by is shown. */
  readonly #shown = new Map<string, boolean>();
  #seen = 0;
  /** The epoch that goes on, and how many Statistics were there when it began. */
  #epoch = 0;
  #began = 0;
  #across = NaN;
  #stale = true;

  constructor(history: () => History, options: ChartOptions) {
    this.#history = history;
    this.#chart = chartOf(options);
    this.#options = { ...options, best: false }; // a title that changes is a figure that changes
  }

  /** All of it, as it is now. */
  figure(): Figure {
    this.#look();
    this.#ranges.take();
    this.#stale = false;
    const history = this.#history();
    // An epoch that goes on has no point yet: its mean would stay beside that of the whole.
    const figure = historyFigure(this.#chart.x === "epoch" ? history.slice(this.#began) : history, this.#options, true);
    figure.data.forEach(({ meta }, i) => this.#lines.set(String(meta), i));
    return figure;
  }

  /** What changed since it was asked last; undefined when nothing did. */
  update(): ChartUpdate | undefined {
    this.#look();
    if (this.#stale) return { figure: this.figure() };
    const points = Object.entries(this.#ranges.take());
    if (points.some(([name]) => !this.#lines.has(name))) return { figure: this.figure() };
    if (points.length === 0) return undefined;
    return { points: points.map(([name, { x, y }]) => [this.#lines.get(name)!, x, y]) };
  }

  /** Takes what came since the last look. */
  #look(): void {
    const history = this.#history();
    if (history.length < this.#seen) this.#forget();
    for (const statistic of history.since(this.#seen)) {
      if (statistic.epoch !== this.#epoch) [this.#epoch, this.#began] = [statistic.epoch, this.#seen];
      this.#take(statistic);
      this.#seen++;
    }
  }

  /** The run went back to a checkpoint. */
  #forget(): void {
    this.#seen = this.#epoch = this.#began = 0;
    this.#stale = true;
    this.#means.clear();
    this.#epochs.clear();
  }

  #take(statistic: Statistic): void {
    const { phase, values } = statistic, { x } = this.#chart;
    if (x.startsWith(`${phase}/`)) this.#across = values[x.slice(phase.length + 1)] ?? this.#across;
    for (const name in values) {
      const series = `${phase}/${name}`;
      if (this.#isShown(series)) this.#add(series, values[name]!, statistic);
    }
  }

  #add(series: string, value: number, statistic: Statistic): void {
    const { x } = this.#chart;
    if (x === "epoch") this.#addToEpoch(series, value, statistic.epoch, statistic.size ?? 1);
    else this.#point(series, isAxis(x) ? statistic[x] : this.#across, value);
  }

  #addToEpoch(series: string, value: number, epoch: number, weight: number): void {
    let open = this.#epochs.get(series);
    if (open !== undefined && open.epoch !== epoch) this.#point(series, open.epoch, open.sum / open.weight);
    if (open?.epoch !== epoch) this.#epochs.set(series, open = { epoch, sum: 0, weight: 0 });
    open.sum += value * weight;
    open.weight += weight;
  }

  #point(series: string, x: number, y: number): void {
    const { smoothing } = this.#chart;
    if (smoothing > 0) y = this.#meanOf(series, smoothing).next(y);
    this.#ranges.add(series, x, short(y));
  }

  #meanOf(series: string, smoothing: number): RunningMean {
    if (!this.#means.has(series)) this.#means.set(series, new RunningMean(smoothing));
    return this.#means.get(series)!;
  }

  /** Whether a series is among those asked for; a new one needs a line of its own. */
  #isShown(series: string): boolean {
    let shown = this.#shown.get(series);
    if (shown === undefined) {
      shown = series !== this.#chart.x && chooseSeries([series], this.#options.series, true).includes(series);
      this.#shown.set(series, shown);
      this.#stale ||= shown && this.#chart.x !== "epoch";
    }
    return shown;
  }
}

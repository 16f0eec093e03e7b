import { isObservable, type Observable } from "rxjs";
import { History } from "../module/history.ts";
import { isModule, type Module } from "../module/module.ts";
import { chartOf, type ChartOptions } from "./chart_options.ts";
import { compareFigure, type LabelledRun } from "./compare_figure.ts";
import type { Figure } from "./figure.ts";
import { historyFigure } from "./history_figure.ts";
import { HistoryView } from "./history_view.ts";
import { chooseSeries } from "./series_groups.ts";
import { labelsOf, type Run } from "./labels.ts";
import type { Still } from "./still.ts";
import { View } from "./view.ts";

/** What can be drawn over time. */
export type Charted = History | Observable<History> | Module | readonly Run[];

/**
 * A chart of a run's series, of its stream `history$` while it grows, or of several runs compared. Runs with the same
 * label, and Sessions that differ in nothing but their name and seed, are repeats: drawn as a mean with a band.
 *
 * @throws {TypeError} options that are wrong, or something that has no History
 *
 * @example
 * ```ts
 * import { chart, History, Statistic } from "ptutils";
 * const run = (rate: number) =>
 *   [1, 2, 3].map((step) => new Statistic({ phase: "train", step, epoch: 1, values: { loss: Math.exp(-rate * step) } }))
 *     .reduce(History.append, History.empty);
 * const view = chart([{ label: "slow", history: run(0.1) }, { label: "fast", history: run(0.5) }], { y: "log" });
 * if (!(await view.html()).includes("fast")) throw new Error("unexpected");
 * ```
 */
export function chart(what: Charted, options: ChartOptions = {}): View {
  chartOf(options);
  if (isObservable(what)) return new HistoryView(what as Observable<History>, options);
  if (isModule(what)) return new HistoryView(what.history$, options);
  if (what instanceof History) {
    const names = chooseSeries(what.names, options.series, false);
    return new FigureView(names, (points) => historyFigure(what, { points, ...options }), options.title);
  }
  if (!Array.isArray(what)) {
    throw new TypeError(`Cannot chart ${String(what)}: give a History, a stream of them, a Session, or a list of runs`);
  }
  const runs: LabelledRun[] = labelsOf(what as Run[]);
  const names = [...new Set(runs.map(({ label }) => label))];
  return new FigureView(names, (points) => compareFigure(runs, { points, ...options }), options.title);
}

/** A figure that does not change. */
export class FigureView extends View {
  readonly #shown: readonly string[];
  readonly #figure: (points: number) => Figure;
  readonly #title: string;

  constructor(shown: readonly string[], figure: (points: number) => Figure, title = "chart") {
    super();
    this.#shown = shown;
    this.#figure = figure;
    this.#title = title;
    figure(5); // what is wrong with it is told now
  }

  protected override still(): Still {
    return { title: this.#title, text: `${this.#title} of ${this.#shown.join(", ")}`, figure: this.#figure };
  }
}

import { type Observable, Subject, type Subscription } from "rxjs";
import { History } from "../module/history.ts";
import type { ChartOptions } from "./chart_options.ts";
import { escapeHtml } from "./escape.ts";
import { historyFigure } from "./history_figure.ts";
import { inKernel } from "./kernel.ts";
import { LiveChart } from "./live_chart.ts";
import type { Frame, Shell } from "./live_output.ts";
import { chooseSeries } from "./series_groups.ts";
import { Showing, type Source } from "./showing.ts";
import { bundleOf, type Still } from "./still.ts";
import { View } from "./view.ts";

/** Milliseconds without a new History after which a chart is drawn at rest. */
const patience = 1_500;

/** Milliseconds between two Histories beyond which a stream is not taken for one that goes on. */
const slowest = 60_000;
/** Milliseconds in which a stream that is alive gives something. */
const firstPatience = 60;

/** A chart of a stream of Histories: it grows with them, and stays when they end. */
export class HistoryView extends View {
  readonly #histories$: Observable<History>;
  readonly #options: ChartOptions;

  constructor(histories$: Observable<History>, options: ChartOptions) {
    super();
    this.#histories$ = histories$;
    this.#options = options;
  }

  override async show(): Promise<void> {
    if (!inKernel) return await super.show();
    const source = new HistorySource(this.#histories$, this.#options);
    await Promise.race([source.began, new Promise((resolve) => setTimeout(resolve, firstPatience))]);
    await new Showing(source, () => bundleOf(stillOf(source.history, this.#options))).begin();
  }

  /** The latest History that the stream has right now. */
  protected override still(): Still {
    let latest = History.empty;
    this.#histories$.subscribe({ next: (history) => latest = history, error: () => {} }).unsubscribe();
    return stillOf(latest, this.#options);
  }
}

function stillOf(history: History, options: ChartOptions): Still {
  const { title = "chart" } = options;
  const text = `${title} of ${chooseSeries(history.names, options.series, true).join(", ") || "nothing yet"}`;
  if (history.length === 0) return { title, text, html: () => escapeHtml(text) };
  return { title, text, figure: (points) => historyFigure(history, { points, ...options }, true) };
}

/** A stream of Histories as a live view follows it: live while new ones come. */
class HistorySource implements Source {
  readonly changes$: Subject<void> = new Subject();
  readonly #chart: LiveChart;
  readonly #subscription: Subscription;
  #state: "idle" | "live" | "over" = "idle";
  #last = -Infinity;
  #longest = 0;
  readonly #began = Promise.withResolvers<void>();
  history: History = History.empty;

  constructor(histories$: Observable<History>, options: ChartOptions) {
    this.#chart = new LiveChart(() => this.history, options);
    let replayed = true; // what comes at once was there before
    this.#subscription = histories$.subscribe({
      next: (history) => {
        this.history = history;
        if (!replayed) this.#come();
      },
      complete: () => this.#enter("over"),
      error: (error) => {
        console.error("Cannot go on with a chart, its stream failed:", error);
        this.#enter("over");
      },
    });
    replayed = false;
  }

  /** When something new has come, or nothing will. */
  get began(): Promise<void> {
    return this.#began.promise;
  }

  state(): "idle" | "live" | "over" {
    const wait = performance.now() - this.#last;
    if (this.#state === "live" && wait > Math.max(patience, 4 * this.#longest)) this.#state = "idle";
    return this.#state;
  }

  shell(): Shell {
    const figure = this.#chart.figure();
    return {
      html: `<div data-part="chart" style="min-height:${figure.layout.height ?? 300}px"></div>`,
      figure,
      again: "",
    };
  }

  frame(): Frame | undefined {
    return this.#chart.update();
  }

  end(): void {
    this.#subscription.unsubscribe();
  }

  #come(): void {
    const now = performance.now();
    // One that is slow is not idle between two values; a long pause is no rhythm.
    if (this.#last > -Infinity) this.#longest = Math.min(slowest, Math.max(this.#longest, now - this.#last));
    this.#last = now;
    if (this.#state === "idle") this.#enter("live");
  }

  #enter(state: "live" | "over"): void {
    if (this.#state === "over") return;
    this.#state = state;
    this.#began.resolve();
    if (state === "over") this.#subscription?.unsubscribe();
    this.changes$.next();
  }
}

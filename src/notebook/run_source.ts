import { filter, merge, type Observable, Subject, type Subscription } from "rxjs";
import type { Session } from "../session/session.ts";
import { noteBackground } from "./background_runs.ts";
import type { ChartOptions } from "./chart_options.ts";
import { LiveChart } from "./live_chart.ts";
import type { Frame, Shell } from "./live_output.ts";
import { progressOf, TimeLeft } from "./progress.ts";
import { type Head, headHtml, phaseText, warningText } from "./run_head.ts";
import type { Source } from "./showing.ts";

/** What a page says that was loaded again. Cells behind one that awaits wait, too; but Stop is heard. */
const again = "No news from the kernel. If the page was loaded again: session.view() in a new cell follows the run; " +
  "while a cell still awaits run(), press Stop, which saves, and run that cell again.";

const ended: readonly string[] = ["completed", "interrupted", "failed"];
const starting = new WeakMap<Session, Subject<void>>();

/** What tells the views of a Session that it is about to run, before its Status does. */
const startOf = (session: Session): Subject<void> => {
  if (!starting.has(session)) starting.set(session, new Subject());
  return starting.get(session)!;
};

/** The Sessions that were started and have not ended, and their ends. */
const going = new WeakMap<Session, Promise<unknown>>();

/** Settled when the run that goes on ends; undefined when none does. */
export const goingOf = (session: Session): Promise<unknown> | undefined => going.get(session);

/** Notes that a Session runs, until a promise is settled. */
export function noteRun(session: Session, done: Promise<unknown>): void {
  if (going.get(session) === done) return;
  going.set(session, done);
  noteBackground(session, done);
  const end = () => {
    if (going.get(session) === done) going.delete(session);
    startOf(session).next();
  };
  done.then(end, end);
  startOf(session).next();
}

/** A Session as a live view follows it. */
export class RunSource implements Source {
  readonly changes$: Observable<unknown>;
  readonly #session: Session;
  readonly #chart: LiveChart;
  #left: TimeLeft | undefined;
  #said: Partial<Head> = {};
  #checkpoint = "";
  #listening: Subscription | undefined;

  constructor(session: Session, options: ChartOptions) {
    this.#session = session;
    this.#chart = new LiveChart(() => session.history, options);
    this.changes$ = merge(startOf(session), session.status.changes$);
  }

  state(): "idle" | "live" | "over" {
    if (going.has(this.#session)) return "live";
    return ended.includes(this.#session.status.phase) ? "over" : "idle";
  }

  shell(): Shell {
    this.#listening ??= this.#session.events$.pipe(filter(({ trigger }) => trigger === "checkpoint_saved"))
      .subscribe(({ payload }) => this.#checkpoint = `checkpoint of step ${payload.step} is saved`);
    const now = progressOf(this.#session);
    this.#left = new TimeLeft(now, this.#session.trainer.looper.elapsed);
    const head = this.#said = this.#head();
    const figure = this.#chart.figure();
    const height = figure.layout.height ?? 300;
    return {
      html: headHtml(head, `<div data-part="chart" style="min-height:${height}px"></div>`, { stop: true }),
      figure,
      again,
    };
  }

  frame(): Frame | undefined {
    const head = this.#head(), said = this.#said;
    const { bar, ...texts } = Object.fromEntries(
      Object.entries(head).filter(([name, value]) => value !== said[name as keyof Head]),
    ) as Partial<Head>;
    this.#said = head;
    const frame = {
      ...(Object.keys(texts).length > 0 ? { texts } : {}),
      ...(bar === undefined ? {} : { bar }),
      ...this.#chart.update(),
    };
    return Object.keys(frame).length === 0 ? undefined : frame;
  }

  end(): void {
    this.#listening?.unsubscribe();
  }

  #head(): Head {
    const session = this.#session, now = progressOf(session);
    const { elapsed } = session.trainer.looper;
    return {
      name: session.id,
      phase: phaseText(session),
      line: now.text + (this.state() === "live" ? this.#left?.at(now, elapsed) ?? "" : ""),
      checkpoint: this.#checkpoint,
      warnings: warningText(session),
      bar: Math.round((now.fraction ?? 0) * 1000) / 1000,
    };
  }
}

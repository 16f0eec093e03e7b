import type { Configuration } from "../module/configuration.ts";
import { encodeValue, type Json, type Value } from "../module/value.ts";
import type { Run } from "../store/run/run_record.ts";
import { SeriesSummaries } from "../store/run/series_summary.ts";
import { latestOf, warn } from "./announce.ts";
import type { Session } from "./session.ts";

/** Milliseconds between two summaries of a run that goes on: one costs two small files. */
const interval = 1_000;

/** Keeps up what a run's record says of how far it is, so that runs can be told apart without reading journals. */
export class Summary {
  readonly #session: Session;
  readonly #series: SeriesSummaries;
  #counted = 0;
  #notedAt = -Infinity;

  constructor(session: Session) {
    this.#session = session;
    this.#series = new SeriesSummaries((session.configuration as Configuration).toJSON());
  }

  /** How far the run is, and the last and the extreme values of its series. */
  now(): Json {
    const { history, status, trainer: { looper } } = this.#session;
    if (this.#counted === 0) this.#series.addAll(history);
    else for (const statistic of history.since(this.#counted)) this.#series.add(statistic);
    this.#counted = history.length;
    return encodeValue(
      {
        step: looper.step,
        epoch: looper.epoch,
        seconds: looper.elapsed,
        series: latestOf(history),
        ranges: this.#series.toValue(),
        warnings: [...status.warnings],
      } as unknown as Value,
    );
  }

  /** Writes it beside the work that goes on, unless that was done a moment ago. */
  noteSoon(run: Run): void {
    const now = performance.now();
    if (now - this.#notedAt < interval) return;
    this.#notedAt = now;
    run.update({ summary: this.now() }).catch((error) =>
      warn(this.#session, `how far the run is could not be written: ${(error as Error).message}`)
    );
  }
}

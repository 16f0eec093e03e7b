import { Observable, Subject, takeUntil } from "rxjs";
import type { Event } from "./event.ts";
import type { History } from "./history.ts";
import type { Module } from "./module.ts";
import { watch } from "./place.ts";
import type { Statistic } from "./statistic.ts";

/** What a Module speaks through; each subject is made when somebody first listens. */
export class Outlets {
  readonly #module: Module;
  #events: Subject<Event> | undefined;
  #statistics: Subject<Statistic> | undefined;
  #histories: Subject<History> | undefined;
  #ended: Subject<void> | undefined;

  constructor(module: Module) {
    this.#module = module;
  }

  /** All events, run after run. */
  get allEvents$(): Observable<Event> {
    return this.#heard(() => this.#events ??= new Subject());
  }
  get events$(): Observable<Event> {
    return this.untilEnd(this.allEvents$);
  }
  get statistics$(): Observable<Statistic> {
    return this.untilEnd(this.#heard(() => this.#statistics ??= new Subject()));
  }
  get histories$(): Observable<History> {
    return this.#heard(() => this.#histories ??= new Subject());
  }

  event(event: Event): void {
    this.#events?.next(event);
  }
  statistic(statistic: Statistic): void {
    this.#statistics?.next(statistic);
  }
  /** Tells of a new History; it is asked for only if somebody listens. */
  history(history: () => History): void {
    if (this.#histories?.observed) this.#histories.next(history());
  }

  /** Completes what was subscribed to. */
  end(): void {
    this.#ended?.next();
  }

  /** The same, completed when the run ends. */
  untilEnd<T>(source$: Observable<T>): Observable<T> {
    return source$.pipe(takeUntil(this.#ended ??= new Subject()));
  }

  #heard<T>(subject: () => Subject<T>): Observable<T> {
    return new Observable((subscriber) => {
      const leave = watch(this.#module);
      const subscription = subject().subscribe(subscriber);
      return () => {
        subscription.unsubscribe();
        leave();
      };
    });
  }
}

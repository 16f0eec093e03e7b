import { Observable, Subject, takeUntil } from "rxjs";
import type { Event } from "./event.ts";
import type { History } from "./history.ts";
import type { Module } from "./module.ts";
import { watch } from "./place.ts";
import type { Statistic } from "./statistic.ts";

/** What a Module speaks through; each subject is made when somebody first listens. */
export class Outlets {
  readonly #module: Module;
  #allEvents: Subject<Event> | undefined;
  #events: Subject<Event> | undefined;
  #statistics: Subject<Statistic> | undefined;
  #histories: Subject<History> | undefined;
  #ended: Subject<void> | undefined;

  constructor(module: Module) {
    this.#module = module;
  }

  /** All events, run after run. */
  get allEvents$(): Observable<Event> {
    return this.#heard(() => this.#allEvents ??= new Subject());
  }
  get events$(): Observable<Event> {
    return this.#heard(() => this.#events ??= new Subject());
  }
  get statistics$(): Observable<Statistic> {
    return this.#heard(() => this.#statistics ??= new Subject());
  }
  get histories$(): Observable<History> {
    return this.#heard(() => this.#histories ??= new Subject());
  }

  event(event: Event): void {
    this.#allEvents?.next(event);
    this.#events?.next(event);
  }
  statistic(statistic: Statistic): void {
    this.#statistics?.next(statistic);
  }
  history(history: History): void {
    this.#histories?.next(history);
  }

  /** Whether anybody listens to the Histories: to make one costs something. */
  get tellsHistory(): boolean {
    return this.#histories?.observed ?? false;
  }

  /** Completes what was subscribed to, but for {@linkcode allEvents$}. Who subscribes later hears the next run. */
  end(): void {
    const ended = [this.#events, this.#statistics, this.#histories, this.#ended];
    this.#events =
      this.#statistics =
      this.#histories =
      this.#ended =
        undefined;
    for (const subject of ended) subject?.complete();
  }

  /** The same, completed when the run ends that goes on when it is subscribed to. */
  untilEnd<T>(source$: Observable<T>): Observable<T> {
    return new Observable((subscriber) => {
      const ended$ = new Subject<void>();
      const waiting = (this.#ended ??= new Subject()).subscribe({ complete: () => ended$.next() });
      return source$.pipe(takeUntil(ended$)).subscribe(subscriber).add(waiting);
    });
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

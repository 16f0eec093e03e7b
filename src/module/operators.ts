import { filter, type MonoTypeOperatorFunction, type OperatorFunction, take } from "rxjs";
import type { Event } from "./event.ts";

/**
 * The events of one trigger, or of several, passed through further operators.
 *
 * @example
 * ```ts
 * import { Subject } from "rxjs";
 * import { every, on } from "ptutils";
 * const events$ = new Subject<any>(), steps: number[] = [];
 * events$.pipe(on("end_of_training_step", every(2))).subscribe((event) => steps.push(event.step));
 * for (let step = 1; step <= 5; step++) events$.next({ trigger: "end_of_training_step", step });
 * if (`${steps}` !== "2,4") throw new Error(`${steps}`);
 * ```
 */
export function on(
  trigger: string | readonly string[],
  ...operators: MonoTypeOperatorFunction<Event>[]
): OperatorFunction<Event, Event> {
  const triggers = new Set([trigger].flat());
  return (events$) =>
    operators.reduce(
      (source$, operator) => source$.pipe(operator),
      events$.pipe(filter((e) => triggers.has(e.trigger))),
    );
}

/** Every n-th event, by its own count: the epoch for triggers of epochs, else the step. A resumed run keeps the beat. */
export function every(n: number): MonoTypeOperatorFunction<Event> {
  if (!Number.isInteger(n) || n < 1) {
    throw new RangeError(`Cannot take every ${n}-th event: give a whole number from 1`);
  }
  return filter((event) => countOf(event) % n === 0);
}

/** The first event only, or the one whose count is `n`. */
export const once = (n?: number): MonoTypeOperatorFunction<Event> => (events$) =>
  n === undefined ? events$.pipe(take(1)) : events$.pipe(filter((event) => countOf(event) === n), take(1));

/** Events before this step. */
export const before = (step: number): MonoTypeOperatorFunction<Event> => filter((event) => event.step < step);

/** Events after this step. */
export const after = (step: number): MonoTypeOperatorFunction<Event> => filter((event) => event.step > step);

/** The step of an event, or its epoch if it is about epochs: both count from 1. */
function countOf(event: Event): number {
  return event.trigger.endsWith("_epoch") ? event.epoch : event.step;
}

import assert from "node:assert/strict";
import { TestScheduler } from "rxjs/testing";
import { createEvent, type Event } from "../../src/module/event.ts";
import { after, before, every, on, once } from "../../src/module/operators.ts";
import type { MonoTypeOperatorFunction, OperatorFunction } from "rxjs";

/** Steps 1 to 6 as a to f, epochs as x (1), y (2), z (3), another trigger as o. */
const events: Record<string, Event> = {
  ...Object.fromEntries(
    [..."abcdef"].map((name, i) => [name, createEvent("end_of_step", "", { step: i + 1, epoch: 1 })]),
  ),
  ...Object.fromEntries(
    [..."xyz"].map((name, i) => [name, createEvent("end_of_epoch", "", { step: 9, epoch: i + 1 })]),
  ),
  o: createEvent("other", "", { step: 2, epoch: 2 }),
};

function marbles(
  what: string,
  operator: OperatorFunction<Event, Event>,
  source: string,
  expected: string,
  until = "^",
) {
  Deno.test(`operators: ${what}`, () => {
    new TestScheduler(assert.deepEqual).run(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(source, events);
      expectObservable(source$.pipe(operator)).toBe(expected, events);
      if (until !== "^") expectSubscriptions(source$.subscriptions).toBe(until);
    });
  });
}
const steps = (...operators: MonoTypeOperatorFunction<Event>[]) => on("end_of_step", ...operators);

marbles("on passes one trigger", on("end_of_step"), "ao-bx-c|", "a--b--c|");
marbles("on passes several triggers", on(["other", "end_of_epoch"]), "ao-bx-c|", "-o--x--|");
marbles("on passes through its operators in order", steps(every(2), once()), "abcdef|", "-(b|)");
marbles("on hands errors on", on("other"), "ao-#", "-o-#");
marbles("every n-th step, by the event's own count", steps(every(3)), "abcdef|", "--c--f|");
marbles("every keeps the beat of a resumed run", steps(every(3)), "--def|", "----f|");
marbles("every counts epochs for triggers of epochs", on("end_of_epoch", every(2)), "axbyczd|", "---y---|");
marbles("once is the first, and ends", steps(once()), "o-bc|", "--(b|)", "^-!");
marbles("once of n is the one that counts n, and ends", steps(once(3)), "abcdef|", "--(c|)", "^-!");
marbles("once of n counts epochs for epochs", on("end_of_epoch", once(2)), "axbycz|", "---(y|)");
marbles("once of n that never comes", steps(once(9)), "abcdef|", "------|");
marbles("before a step, without it", steps(before(3)), "abcdef|", "ab----|");
marbles("after a step, without it", steps(after(3)), "abcdef|", "---def|");
marbles("operators join", steps(after(1), before(6), every(2)), "abcdef|", "-b-d--|");

Deno.test("operators: every takes a whole number from 1", () => {
  for (const n of [0, -1, 1.5, NaN]) {
    assert.throws(() => every(n), /^RangeError: Cannot take every .*give a whole number/);
  }
});

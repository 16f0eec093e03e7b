import assert from "node:assert/strict";
import { type Action, type Callback, type Event, register } from "../../mod.ts";

/** An event as a Session raises it. */
export const event = (trigger: string, payload: Record<string, unknown>): Event =>
  Object.freeze({ ...payload, trigger, path: "trainer.looper", payload: Object.freeze({ ...payload }) }) as Event;

/** What a callback asks for at an event. */
export function tell(callback: Callback, told: Event): Action[] {
  const method = (callback as unknown as Record<string, ((event: Event) => unknown) | undefined>)[told.trigger];
  return [method?.call(callback, told)].flat().filter((action) => action !== undefined) as Action[];
}

/** The end of a validation with this loss, at this step. */
export const validated = (loss: number, step: number): Event =>
  event("end_of_validation", { loss, accuracy: 1 - loss, phase: "validation", step, epoch: step, samples: step });

/** A class of callbacks. */
export interface Kind {
  // deno-lint-ignore no-explicit-any
  new (options?: any): Callback;
  readonly name: string;
}

/** The laws of every callback: it is data, its counters are state, and it cannot change what it is told. */
export function callbackContract(Class: Kind, options: Record<string, unknown> = {}): void {
  const losses = [3, 2, 2.5, 2.6, 1, 1.5, 1.6, 1.7, 0.5, 4, 5, 6, 7, 8];

  Deno.test(`${Class.name}: what it asks for does not depend on being saved and restored in between`, async () => {
    const straight = new Class(options);
    const wanted = losses.map((loss, i) => tell(straight, validated(loss, i + 1)));
    for (let stop = 0; stop <= losses.length; stop++) {
      let callback = new Class(options);
      const found = [];
      for (const [i, loss] of losses.entries()) {
        if (i === stop) {
          const restored = new Class(callback.configuration.toJSON());
          await restored.loadState(await callback.state());
          assert.ok((await restored.state()).equals(await callback.state()));
          callback = restored;
        }
        found.push(tell(callback, validated(loss, i + 1)));
      }
      assert.deepEqual(plain(found), plain(wanted));
      assert.ok((await callback.state()).equals(await straight.state()));
    }
  });

  Deno.test(`${Class.name}: it is described by data, and refuses what it does not know`, () => {
    const callback = new Class(options);
    assert.deepEqual(
      new Class(callback.configuration.toJSON()).configuration.toJSON(),
      callback.configuration.toJSON(),
    );
    assert.throws(() => new Class({ ...options, paitence: 3 }), /"paitence"/);
    register(Class as never);
  });

  Deno.test(`${Class.name}: it says something sensible to any event`, () => {
    const callback = new Class(options);
    for (
      const trigger of [
        "start_of_training",
        "start_of_epoch",
        "end_of_epoch",
        "start_of_training_step",
        "end_of_training_step",
        "end_of_training",
      ]
    ) {
      const actions = tell(callback, event(trigger, { loss: 0.5, step: 1, epoch: 1, samples: 4 }));
      assert.ok(actions.every(({ action }) => typeof action === "string"), trigger);
    }
  });
}

/** Actions with their functions as text. */
const plain = (actions: unknown): unknown =>
  JSON.parse(JSON.stringify(actions, (_, value) => typeof value === "function" ? `${value}` : value));

import assert from "node:assert/strict";
import { Callback, MemoryStore } from "../../mod.ts";
import { experiment, open, outcome, type Plain } from "./experiments.ts";

/** Waits once, until it is let go, at one step. */
class Hang extends Callback {
  readonly #step: number;
  readonly #trigger: string;
  readonly #reached = Promise.withResolvers<void>();
  readonly #free = Promise.withResolvers<void>();
  #done = false;

  constructor(trigger: string, step: number) {
    super();
    this.#trigger = trigger;
    this.#step = step;
  }
  get reached() {
    return this.#reached.promise;
  }
  release() {
    this.#free.resolve();
  }
  start_of_training_step(event: Plain) {
    return this.#hang("start_of_training_step", event.step);
  }
  end_of_training_step(event: Plain) {
    return this.#hang("end_of_training_step", event.step);
  }
  #hang(trigger: string, step: number): Promise<void> | undefined {
    if (trigger !== this.#trigger || step !== this.#step || this.#done) return undefined;
    this.#done = true;
    this.#reached.resolve();
    return this.#free.promise;
  }
}

const configuration = experiment("hung", { looper: { steps: 20 } });

for (const trigger of ["start_of_training_step", "end_of_training_step"]) {
  Deno.test(`a step that hangs at its ${trigger.split("_")[0]} can be given up; running again goes on`, async () => {
    const straight = await open(configuration, new MemoryStore());
    straight.callbacks.register(new Hang(trigger, 999)); // a callback is part of the state
    await straight.run();
    const session = await open(configuration, new MemoryStore());
    const hang = new Hang(trigger, 8);
    session.callbacks.register(hang);
    session.start();
    await hang.reached;
    const stopping = session.stop();
    await session.abandon();
    await stopping;
    assert.equal(session.status.phase, "interrupted");
    assert.match(session.status.reason!, /the step was given up/);
    const again = session.run();
    hang.release(); // what hung comes back while another loop is at work: it must do no harm
    await again;
    assert.equal(session.status.phase, "completed");
    assert.deepEqual(await outcome(session), await outcome(straight));
    const steps = (await session.journal()).filter((entry) => entry.trigger === "statistic");
    assert.equal(steps.length, 20);
  });
}

Deno.test("given up before the first checkpoint, the Session must be configured again", async () => {
  const store = new MemoryStore();
  const session = await open(configuration, store);
  const hang = new Hang("start_of_training_step", 2);
  session.callbacks.register(hang);
  session.start();
  await hang.reached;
  await session.abandon();
  await assert.rejects(session.run(), /Cannot go on with "hung": a step was given up.*configure the Session again/);
  hang.release();
  const again = await open(configuration, store);
  await again.run();
  assert.equal(again.status.phase, "completed");
});

Deno.test("a step that ends in a moment is saved, not given up", async () => {
  const session = await open(configuration, new MemoryStore());
  session.start();
  await session.abandon();
  assert.equal(session.status.phase, "interrupted");
  assert.doesNotMatch(session.status.reason!, /given up/);
  await session.run();
  assert.equal(session.history.length, 20);
});

import assert from "node:assert/strict";
import { filter, mergeMap, take } from "rxjs";
import {
  Callback,
  checkpoint,
  type Event,
  every,
  fail,
  keep,
  MemoryStore,
  on,
  once,
  restore,
  type Session,
  set,
  skip,
  stop,
} from "../../mod.ts";
import { at, experiment, open, outcome, type Plain } from "./experiments.ts";

const start = (changes: Plain = {}, store = new MemoryStore()) => open(experiment("dynamic", changes), store);
const triggers = async (session: Session, ...wanted: string[]) =>
  (await session.journal()).filter(({ trigger }) => wanted.includes(trigger));

/** A callback that answers a trigger at a step. */
class Answer extends Callback {
  readonly #answers: Record<string, unknown>;
  constructor(answers: Record<string, unknown>) {
    super();
    this.#answers = answers;
  }
  start_of_training_step({ step }: Event) {
    return this.#answers[`start ${step}`];
  }
  end_of_training_step({ step }: Event) {
    return this.#answers[`${step}`];
  }
}

/** The same answers by a class and by a function of streams. */
const ways: Record<string, (session: Session, answers: Record<string, unknown>) => void> = {
  "a class": (session, answers) => void session.callbacks.register(new Answer(answers)),
  "a function of streams": (session, answers) =>
    void session.callbacks.register((events$) =>
      events$.pipe(
        on("end_of_training_step"),
        mergeMap(({ step }) => [answers[`${step}`] ?? []].flat() as ReturnType<typeof stop>[]),
      )
    ),
};

for (const [way, register] of Object.entries(ways)) {
  Deno.test(`${way} may stop the run: it is completed, for that reason`, async () => {
    const session = await start();
    register(session, { 7: stop("seven is enough"), 8: stop("never asked") });
    assert.equal((await session.run()).length, 7);
    assert.equal(session.status.phase, "completed");
    assert.equal(session.status.reason, "seven is enough");
  });

  Deno.test(`${way} may let it fail, and it goes on the next time`, async () => {
    const store = new MemoryStore();
    const session = await start({}, store);
    register(session, { 7: fail("seven is bad luck") });
    await assert.rejects(session.run(), /seven is bad luck/);
    assert.equal(session.status.phase, "failed");
    assert.equal((await store.runs.find("dynamic"))!.phase, "failed");
    const again = await start({}, store);
    assert.equal(again.trainer.looper.step, 6);
    await again.run();
    const straight = await start();
    await straight.run();
    assert.deepEqual((await outcome(again)).statistics, (await outcome(straight)).statistics);
  });

  Deno.test(`${way} may set a parameter, by a value or from the one before`, async () => {
    const session = await start();
    register(session, {
      3: set("trainer.model.optimizer.learningRate", 0.008),
      5: [set("optimizer.learningRate", (rate: unknown) => rate as number / 2), set("looper.epochs", 2)],
    });
    await session.run();
    const changes = await triggers(session, "parameter_changed");
    assert.deepEqual(changes.map(({ payload }) => [payload.from, payload.to]), [[0.01, 0.008], [0.008, 0.004], [3, 2]]);
    assert.equal(session.trainer.looper.epoch, 2);
  });

  Deno.test(`${way} may ask for a checkpoint, which stays by its tag`, async () => {
    const store = new MemoryStore();
    const session = await start({ trainer: { checkpoints: { every: false, keep: { last: 1 } } } }, store);
    register(session, { 4: checkpoint({ tag: "four" }), 6: checkpoint(), 7: checkpoint({ tag: "seven", score: 1 }) });
    await session.run();
    const run = await store.runs.open("dynamic", { readonly: true });
    assert.deepEqual((await run.checkpoints()).map(({ step, reason, tags }) => [step, reason, tags]), [
      [4, "callback", ["four"]],
      [7, "callback", ["seven"]],
      [15, "completed", undefined],
    ]);
    await run.close();
  });

  Deno.test(`${way} may keep weights and put them back`, async () => {
    const session = await start();
    register(session, { 4: keep("mine"), 9: [restore("mine"), stop("back to four")] });
    let wanted: string | undefined;
    at(session, 5, () => void 0);
    session.events$.pipe(on("start_of_training_step"), filter(({ step }) => step === 5), take(1))
      .subscribe(() => void session.trainer.model.net.state().then((state) => wanted = state.digest()));
    await session.run();
    assert.equal((await session.trainer.model.net.state()).digest(), wanted);
  });

  Deno.test(`${way} that asks for what is not there ends the run with an error`, async () => {
    const session = await start();
    register(session, { 3: set("optimizer.learningrate", 1) });
    await assert.rejects(session.run(), /Cannot set "optimizer\.learningrate"/);
    assert.equal(session.status.phase, "failed");
  });
}

Deno.test("a callback may pass over a batch: nothing is learnt from it, nothing recorded", async () => {
  const session = await start({ looper: { epochs: 1 } });
  const sizes: number[] = [];
  let skipped = 0;
  session.callbacks.register(
    new class Skipper extends Callback {
      start_of_training_step({ size }: Event) {
        sizes.push(size);
        if (size === 24 && skipped++ === 1) return skip();
      }
    }(),
  );
  const history = await session.run();
  assert.deepEqual(sizes, [24, 24, 24, 24, 4]);
  assert.deepEqual([...history].map(({ step, size }) => [step, size]), [[1, 24], [2, 24], [3, 24], [4, 4]]);
});

Deno.test("callbacks run in order, each awaited, before anybody else hears", async () => {
  const session = await start({ looper: { steps: 2 } });
  const heard: string[] = [];
  const listener = (name: string) =>
    new class Listener extends Callback {
      async end_of_training_step({ step }: Event) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        heard.push(`${name} ${step}`);
      }
    }();
  const forget = session.callbacks.register(listener("a"));
  session.callbacks.register(listener("b"));
  session.trainer.callbacks.register(listener("nearer"));
  session.events$.pipe(on("end_of_training_step")).subscribe(({ step }) => heard.push(`stream ${step}`));
  at(session, 1, forget);
  await session.run();
  assert.deepEqual(heard, ["nearer 1", "a 1", "b 1", "stream 1", "nearer 2", "b 2", "stream 2"]);
});

Deno.test("every, once, and streams that complete with the run", async () => {
  const session = await start({ looper: { epochs: 4 } });
  const heard: Record<string, number[]> = { every: [], once: [], epochs: [], at: [] };
  let completed = 0;
  const listen = (name: string, trigger: string, operator: Parameters<typeof on>[1], count = "step") =>
    session.events$.pipe(on(trigger, operator!)).subscribe({
      next: (event) => heard[name]!.push(event[count]),
      complete: () => completed++,
    });
  listen("every", "end_of_training_step", every(6));
  listen("once", "end_of_training_step", once());
  listen("at", "end_of_training_step", once(11));
  listen("epochs", "end_of_epoch", every(2), "epoch");
  session.history$.subscribe({ complete: () => completed++ });
  session.status$.subscribe({ complete: () => completed++ });
  await session.run();
  assert.deepEqual(heard, { every: [6, 12, 18], once: [1], at: [11], epochs: [2, 4] });
  assert.equal(completed, 6);
});

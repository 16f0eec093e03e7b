import assert from "node:assert/strict";
import { type Batch, Callback, LowdbStore, MemoryStore, register, type Session, Trainer } from "../../mod.ts";
import { temporary } from "../store/temporary.ts";
import { experiment, open, outcome, type Plain } from "./experiments.ts";

/** Where something hangs, once, until it is let go. */
class Place {
  readonly #reached = Promise.withResolvers<void>();
  readonly #free = Promise.withResolvers<void>();
  #done = false;

  get reached() {
    return this.#reached.promise;
  }
  release() {
    this.#free.resolve();
  }
  hang(): Promise<void> | undefined {
    if (this.#done) return undefined;
    this.#done = true;
    this.#reached.resolve();
    return this.#free.promise;
  }
}

/** Hangs at one trigger, from one step on. */
const hangAt = (trigger: string, step: number, place: Place): Callback =>
  new (class Hang extends Callback {
    [trigger](event: Plain) {
      return event.step >= step ? place.hang() : undefined;
    }
  })();

/** Hangs in the step itself, before it trains. */
let within: Place | undefined;
class Slow extends Trainer {
  override async step(batch: Batch) {
    if (this.looper.step === 8) await within?.hang();
    return super.step(batch);
  }
}
register(Slow);

const hung = experiment("hung", {
  looper: { epochs: 4 },
  data: {
    datasets: {
      train: { Digits: { split: "train", classes: [0, 1, 2] } },
      validation: { Digits: { split: "test", classes: [0, 1, 2] } },
    },
  },
});
const slow = { ...hung, trainer: { Slow: hung.trainer } };

async function straight(configuration: Plain, callback?: Callback) {
  const session = await open(configuration, new MemoryStore());
  if (callback !== undefined) session.callbacks.register(callback); // a callback is part of the state
  await session.run();
  return await outcome(session);
}

/** Gives a step up, runs again, and lets what hung come back while another loop is at work: it must do no harm. */
async function giveUp(session: Session, place: Place): Promise<void> {
  await place.reached;
  const stopping = session.stop();
  await session.abandon();
  await stopping;
  assert.equal(session.status.phase, "interrupted");
  assert.match(session.status.reason!, /the step was given up/);
  const { elapsed } = session.trainer.looper;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(session.trainer.looper.elapsed, elapsed, "its clock has stopped");
  const again = session.run();
  place.release();
  await again;
  assert.equal(session.status.phase, "completed");
  assert.deepEqual(session.status.warnings, []);
}

const triggers = [
  "start_of_epoch",
  "start_of_training_step",
  "end_of_training_step",
  "start_of_validation",
  "end_of_validation",
  "end_of_epoch",
];
for (const trigger of triggers) {
  Deno.test(`a ${trigger} that hangs can be given up; running again goes on to the same bits`, async () => {
    const place = new Place();
    const session = await open(hung, new MemoryStore());
    session.callbacks.register(hangAt(trigger, 8, place));
    session.start();
    await giveUp(session, place);
    assert.deepEqual(await outcome(session), await straight(hung, hangAt(trigger, 999, place)));
    const statistics = (await session.journal()).filter((entry) => entry.trigger === "statistic");
    assert.equal(statistics.length, session.history.length);
  });
}

Deno.test("a step of one's own that hangs, and comes back during the next run, trains nothing", async () => {
  const place = within = new Place();
  const session = await open(slow, new MemoryStore());
  session.start();
  await giveUp(session, place);
  within = undefined;
  assert.deepEqual(await outcome(session), await straight(slow));
});

Deno.test("given up before the first checkpoint, the Session must be configured again", async () => {
  const store = new MemoryStore(), place = new Place();
  const session = await open(hung, store);
  session.callbacks.register(hangAt("start_of_training_step", 2, place));
  session.start();
  await place.reached;
  await session.abandon();
  await assert.rejects(session.run(), /Cannot go on with "hung": a step was given up.*configure the Session again/);
  place.release();
  const again = await open(hung, store);
  await again.run();
  assert.equal(again.status.phase, "completed");
});

Deno.test("a step that ends in a moment is saved, not given up", async () => {
  const session = await open(hung, new MemoryStore()), place = new Place();
  session.callbacks.register(hangAt("end_of_training_step", 8, place));
  session.start();
  await place.reached;
  const stopping = session.abandon();
  place.release();
  await stopping;
  assert.equal(session.status.phase, "interrupted");
  assert.doesNotMatch(session.status.reason!, /given up/);
  await session.run();
  assert.equal(session.trainer.looper.step, 20);
});

/** Puts a file where a folder is, into which a run is just writing and which it makes anew where it is missing. */
async function putFileInPlace(folder: string): Promise<void> {
  for (let i = 0;; i++) {
    await Deno.rename(folder, `${folder}-${i}`);
    try {
      return Deno.writeTextFileSync(folder, "no folder");
    } catch (error) {
      if (!Deno.statSync(folder).isDirectory) throw error;
    }
  }
}

Deno.test("given up while it waits for its store, it stays so", async () => {
  const path = temporary();
  const configuration = experiment("waiting", {
    model: { net: { Sequential: { layers: [{ dense: { units: 300 } }, { dense: { units: 10 } }] } } },
    looper: { epochs: 100 },
    onStoreFailure: "pause",
  });
  const session = await open(configuration, new LowdbStore({ path }));
  session.start();
  while (session.trainer.looper.step < 10) await new Promise((resolve) => setTimeout(resolve, 5));
  await putFileInPlace(`${path}/blobs`);
  while (session.status.phase !== "paused") await new Promise((resolve) => setTimeout(resolve, 5));
  await session.abandon();
  const { phase, warnings } = session.status, told = warnings.length;
  await new Promise((resolve) => setTimeout(resolve, 1_200)); // the next try to save would be now
  assert.deepEqual([phase, session.status.phase, session.status.warnings.length], ["interrupted", "interrupted", told]);
});

Deno.test("what is thrown and is no Error fails the run with its own words", async () => {
  const session = await open(hung, new MemoryStore());
  session.callbacks.register(
    new (class Throws extends Callback {
      end_of_training_step() {
        throw "boom";
      }
    })(),
  );
  await assert.rejects(session.run(), /boom/);
  assert.equal(session.status.phase, "failed");
  assert.match(session.status.reason!, /boom/);
});

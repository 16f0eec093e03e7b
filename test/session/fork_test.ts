import assert from "node:assert/strict";
import { Callback, MemoryStore, Momentum, type Session, Sgd } from "../../mod.ts";
import { at, experiment, open, outcome, type Plain } from "./experiments.ts";

const kept = { checkpoints: { every: { steps: 3 }, keep: { last: 100 } } };
const parent = (changes: Plain = {}) => experiment("parent", { ...changes, trainer: { ...kept, ...changes.trainer } });

/** A store with a finished run of 15 steps and all its checkpoints. */
async function finished(changes: Plain = {}): Promise<{ store: MemoryStore; session: Session }> {
  const store = new MemoryStore();
  const session = await open(parent(changes), store);
  await session.run();
  return { store, session };
}

const losses = (session: Session) => [...session.history.series("train/loss").y];

Deno.test("a fork with nothing changed repeats its parent, which stays as it was", async () => {
  const { store, session } = await finished();
  const journal = await session.journal();
  const fork = await open(parent(), store, { fork: 6 });
  assert.equal(fork.trainer.looper.step, 6);
  assert.equal(fork.status.restored, true);
  await fork.run();
  assert.deepEqual(await outcome(fork), await outcome(session));
  assert.equal(fork.id, "parent-fork-6");
  const record = (await store.runs.find(fork.id))!;
  const entry = journal.find(({ trigger, payload }) => trigger === "statistic" && payload.step === 6)!;
  assert.deepEqual(record.lineage, { run: "parent", sequence: entry.sequence, step: 6 });
  assert.equal(record.phase, "completed");
  assert.deepEqual(await session.journal(), journal);
  assert.equal((await store.runs.find("parent"))!.lineage, undefined);
});

Deno.test("a fork has the parent's beginning and its own end: another learning rate", async () => {
  const { store, session } = await finished();
  const changed = parent({ model: { optimizer: { Adam: { learningRate: 0.1 } } } });
  const fork = await open(changed, store, { fork: 9 });
  assert.equal(fork.trainer.model.optimizer.learningRate, 0.1);
  assert.equal(fork.trainer.model.optimizer.step, 9, "what the optimizer remembers is kept");
  await fork.run();
  assert.deepEqual(losses(fork).slice(0, 10), losses(session).slice(0, 10));
  assert.notEqual(losses(fork)[10], losses(session)[10]);
  assert.equal(fork.history.length, 15);
});

Deno.test("a fork with another class of optimizer begins that one anew", async () => {
  const { store, session } = await finished();
  const changed = parent({ model: { optimizer: { Momentum: { learningRate: 0.02 } } } });
  const fork = await open(changed, store, { fork: 9 });
  assert.ok(fork.trainer.model.optimizer instanceof Momentum);
  assert.equal(fork.trainer.model.optimizer.step, 0);
  assert.deepEqual(fork.trainer.model.optimizer.slots, {});
  await fork.run();
  assert.deepEqual(losses(fork).slice(0, 10), losses(session).slice(0, 10));
  const again = await open({ ...changed, name: fork.id }, store);
  assert.equal(again.status.phase, "completed", "a fork is a run like any other");
  assert.deepEqual(await outcome(again), await outcome(fork));
});

Deno.test("a fork that was stopped goes on: under its own name, and when its cell runs again", async () => {
  const { store } = await finished();
  const changed = parent({ model: { optimizer: "Sgd" } });
  const straight = await open(changed, store, { fork: 6 });
  await straight.run();
  const restored = await open(changed, store, { fork: 6 });
  assert.deepEqual([restored.id, restored.status.phase], ["parent-fork-6", "completed"]);
  const other = await open(parent({ model: { optimizer: "Momentum" } }), store, { fork: 6 });
  assert.equal(other.id, "parent-fork-6-2", "another configuration is another fork");

  const cell = () => open({ ...changed, name: "stopped" }, store, { fork: { step: 6, from: "parent" } });
  const fork = await cell();
  assert.equal(fork.id, "stopped");
  at(fork, 11, () => void fork.stop());
  await fork.run();
  for (const again of [await open({ ...changed, name: "stopped" }, store), await cell()]) {
    assert.equal(again.trainer.looper.step, 11);
  }
  const again = await cell();
  await again.run();
  assert.deepEqual(await outcome(again), await outcome(straight));
});

Deno.test("a callback or a subscriber may wait for stop() without waiting for itself", async () => {
  const { store } = await finished();
  const session = await open(parent(), store, { fork: 6 });
  const waits = async () => {
    await session.stop("enough");
  };
  class Impatient extends Callback {
    end_of_training_step({ step }: { step: number }) {
      return step === 9 ? waits() : undefined;
    }
  }
  session.callbacks.register(new Impatient());
  await session.run();
  assert.deepEqual([session.status.phase, session.trainer.looper.step], ["interrupted", 9]);
});

Deno.test("in a fork callbacks may come, go and change", async () => {
  const validated = { datasets: { train: "Digits", validation: { Digits: { split: "test", classes: [0] } } } };
  const stopping = (patience: number) => ({ EarlyStopping: { monitor: "train/loss", patience } });
  const { store } = await finished({ data: validated, trainer: { callbacks: ["NaNDetector", stopping(50)] } });
  const more = ["NaNDetector", { ReduceLROnPlateau: { monitor: "train/loss", patience: 7 } }, stopping(40)];
  const fork = await open(parent({ data: validated, trainer: { callbacks: more } }), store, { fork: 6 });
  const { EarlyStopping, ReduceLROnPlateau } = fork.trainer.callbacks.modules() as Plain;
  assert.equal(EarlyStopping.patience, 40);
  assert.notEqual(EarlyStopping.best, null, "what it knows is kept");
  assert.equal(ReduceLROnPlateau.patience, 7);
  await fork.run();
  const fewer = await open(parent({ data: validated }), store, { fork: 6 });
  await fewer.run();
  assert.equal(fewer.status.phase, "completed");
});

Deno.test("in a fork a schedule and metrics may come and go", async () => {
  const scheduled = { optimizer: { Sgd: { learningRate: 0.1, schedule: { StepDecay: { steps: 4, rate: 0.5 } } } } };
  const { store } = await finished({ model: scheduled });
  const plain = await open(parent({ model: { optimizer: { Sgd: { learningRate: 0.1 } } } }), store, { fork: 6 });
  assert.equal(plain.trainer.model.optimizer.schedule, null);
  await plain.run();
  const other = await finished();
  const adam = { Adam: { learningRate: 0.01, schedule: { CosineDecay: { steps: 20 } } } };
  const changed = parent({ model: { optimizer: adam, metrics: ["Accuracy", { TopK: { k: 2 } }] } });
  const fork = await open(changed, other.store, { fork: 6 });
  assert.equal(fork.trainer.model.optimizer.step, 6);
  await fork.run();
  assert.equal(fork.history.names.length, 3);
  assert.equal(fork.history.series("train/accuracy").y.length, 15);
});

Deno.test("a fork with another seed is shuffled otherwise", async () => {
  const { store, session } = await finished();
  const fork = await open({ ...parent(), seed: 99 }, store, { fork: 6 });
  await fork.run();
  assert.deepEqual(losses(fork).slice(0, 6), losses(session).slice(0, 6));
  assert.notDeepEqual(losses(fork), losses(session));
});

Deno.test("a fork for longer, from the very end", async () => {
  const { store } = await finished();
  const straight = await open(parent({ looper: { epochs: 5 } }), new MemoryStore());
  await straight.run();
  const fork = await open(parent({ looper: { epochs: 5 } }), store, { fork: 15 });
  await fork.run();
  assert.deepEqual(await outcome(fork), await outcome(straight));
});

Deno.test("a fork of a run whose optimizer was replaced has the one that was there", async () => {
  const store = new MemoryStore();
  const session = await open(parent(), store);
  at(session, 7, () => session.trainer.model.optimizer = new Sgd({ learningRate: 0.05 }) as never);
  await session.run();
  const before = await open(parent(), store, { fork: 6 });
  assert.equal(before.trainer.model.optimizer.constructor.name, "Adam");
  const after = await open(parent(), store, { fork: 9 });
  assert.equal(after.trainer.model.optimizer.constructor.name, "Sgd");
  await after.run();
  assert.deepEqual(await outcome(after), await outcome(session));
  const other = parent({ model: { optimizer: "Momentum" } });
  const changed = await open(other, store, { fork: 9 });
  assert.equal(changed.trainer.model.optimizer.constructor.name, "Momentum", "what is configured counts");
  await changed.run();
});

Deno.test("by name: a fork of another experiment's run", async () => {
  const { store, session } = await finished();
  const fork = await open({ ...parent(), name: "child" }, store, { fork: { step: 6, from: "parent" } });
  assert.equal(fork.id, "child");
  await fork.run();
  assert.deepEqual((await store.runs.find("child"))!.lineage!.run, "parent");
  assert.deepEqual(await outcome(fork), await outcome(session));
});

Deno.test("session.fork: overrides by path, the same store, a fork of a fork", async () => {
  const { store, session } = await finished();
  const fork = await session.fork(6, ["trainer.model.optimizer.learningRate=0.05"]);
  assert.equal(fork.trainer.model.optimizer.learningRate, 0.05);
  await fork.run();
  const second = await fork.fork(9);
  await second.run();
  assert.deepEqual(await outcome(second), await outcome(fork));
  assert.equal((await store.runs.find(second.id))!.lineage!.run, fork.id);
  assert.equal((await store.runs.list()).length, 3);
});

Deno.test("a step or a run that is not there is an error that names those there are", async () => {
  const { store } = await finished();
  const open6 = (reopening: Plain) => open(parent(), store, reopening);
  await assert.rejects(open6({ fork: 7 }), /Cannot fork the run "parent" at step 7: .*steps 3, 6, 9, 12, 15/);
  await assert.rejects(open6({ fork: { step: 6, from: "parnet" } }), /Cannot fork the run "parnet".*"parent"/);
});

import assert from "node:assert/strict";
import { MemoryStore } from "../../mod.ts";
import { at, experiment, open } from "./experiments.ts";

const validated = {
  datasets: {
    train: { Digits: { split: "train", classes: [0, 1, 2] } },
    validation: { Digits: { split: "test", classes: [0, 1, 2] } },
  },
};

Deno.test("how far a run is can be queried while it goes on, and how it ended", async () => {
  const db = new MemoryStore();
  const session = await open(
    experiment("told", { data: validated, model: { metrics: ["Accuracy"] }, tags: ["mine"] }),
    db,
  );
  const meanwhile: unknown[] = [];
  let asked = Promise.resolve();
  at(session, 9, () => void (asked = (async () => void meanwhile.push(...await db.runs.query()))()));
  await session.run();
  await asked;
  const [running] = meanwhile as Awaited<ReturnType<typeof db.runs.query>>;
  assert.equal(running!.phase, "running");
  assert.ok(running!.step! >= 3 && running!.step! <= 9, "as of a checkpoint");
  assert.ok(running!.last!["train/loss"]! > 0);
  const [ended] = await db.runs.query({ where: { tags: "mine" } });
  const { history } = session;
  assert.deepEqual([ended!.phase, ended!.step, ended!.epoch], ["completed", 15, 3]);
  for (const name of history.names) {
    const best = history.best(name, /accuracy/.test(name) ? "max" : "min");
    assert.deepEqual([ended!.best![name], ended!.bestStep![name]], [best.value, best.step], name);
    assert.equal(ended!.last![name], history.last(name)!.value);
  }
});

Deno.test("stopped and gone on with, a run's extremes are those of all of it", async () => {
  const db = new MemoryStore();
  const first = await open(experiment("told", { looper: { epochs: 4 } }), db);
  at(first, 7, () => void first.stop());
  await first.run();
  const second = await open(experiment("told", { looper: { epochs: 4 } }), db);
  await second.run();
  const [run] = await db.runs.query();
  const { x, y } = second.history.series("train/loss");
  assert.deepEqual([run!.max!["train/loss"], run!.min!["train/loss"]], [Math.max(...y), Math.min(...y)]);
  assert.equal(run!.bestStep!["train/loss"], x[y.indexOf(Math.min(...y))]);
});

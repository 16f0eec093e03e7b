import assert from "node:assert/strict";
import type { DBInterface } from "../../src/store/db_interface.ts";
import { checkpoint, entry, record } from "./store_contract.ts";

const statistic = (sequence: number, phase: string, values: Record<string, number>) => ({
  ...entry(sequence, { phase, step: sequence, epoch: Math.ceil(sequence / 2), samples: 0, size: 1, time: 1, values }),
  trigger: "statistic",
});

/** Adds a run that trained with some options and reached these accuracies, one after the other. */
export async function addRun(
  db: DBInterface,
  id: string,
  accuracies: readonly number[],
  { learningRate = 0.1, tags = [], created = "2026-01-01T00:00:00.000Z", optimizer = "Adam", phase = "completed" } = {},
): Promise<void> {
  const run = await db.runs.create(record(id, {
    created,
    updated: created,
    phase,
    configuration: {
      tags,
      seed: 3,
      trainer: {
        model: { optimizer: { [optimizer]: { learningRate } } },
        looper: { epochs: accuracies.length },
        callbacks: [{ EarlyStopping: { monitor: "validation/error", mode: "max" } }],
      },
    },
    provenance: { git: { commit: `c-${id}` }, backend: "cpu" },
  }));
  accuracies.forEach((accuracy, i) =>
    run.append(statistic(i + 1, "validation", { accuracy, loss: 1 - accuracy, error: 1 - accuracy }))
  );
  await run.save(checkpoint(accuracies.length, {}));
  await run.close();
}

/** What a query over runs gives, the same on every store. */
export function runQueryContract(name: string, make: () => DBInterface | Promise<DBInterface>): void {
  const test = (what: string, body: (db: DBInterface) => Promise<void>) =>
    Deno.test(`${name}: runs are queried ${what}`, async () => {
      const db = await make();
      assert.deepEqual(await db.runs.query({ where: { anything: 1 } }), [], "no runs, nothing to mistype");
      await addRun(db, "mnist-a", [0.5, 0.9, 0.8], { tags: ["first", "a.b"] as never });
      await addRun(db, "mnist-b", [0.6, NaN, 0.7], { learningRate: 0.01, created: "2026-03-01T00:00:00.000Z" });
      await addRun(db, "cifar", [0.4], { optimizer: "Sgd", tags: ["first"] as never, phase: "running" });
      await body(db);
      await db.close();
    });
  const ids = async (db: DBInterface, where: object, more: object = {}) =>
    (await db.runs.query({ where: where as never, ...more })).map(({ id }) => id).sort();

  test("by the best and the last value of a series", async (db) => {
    assert.deepEqual(await ids(db, { "best.validation/accuracy": { $gt: 0.65 } }), ["mnist-a", "mnist-b"]);
    assert.deepEqual(await ids(db, { "last.validation/accuracy": { $gt: 0.75 } }), ["mnist-a"]);
    const found = await db.runs.query({ sort: { "best.validation/accuracy": -1 } });
    assert.deepEqual(found.map(({ id }) => id), ["mnist-a", "mnist-b", "cifar"]);
    const [best] = found;
    assert.equal(best!.best!["validation/accuracy"], 0.9);
    assert.equal(best!.bestStep!["validation/accuracy"], 2);
    assert.equal(best!.bestEpoch!["validation/accuracy"], 1);
    assert.ok(Math.abs(best!.best!["validation/loss"]! - 0.1) < 1e-9, "lower is better for a loss");
    assert.equal(best!.best!["validation/error"], 0.5, "as what watches it is configured");
    assert.equal(best!.min!["validation/accuracy"], 0.5);
    assert.equal(best!.max!["validation/accuracy"], 0.9);
    assert.equal(best!.step, 3);
  });

  test("by options, whole, short and by class", async (db) => {
    for (
      const path of ["configuration.trainer.model.optimizer.learningRate", "optimizer.learningRate", "learningRate"]
    ) {
      assert.deepEqual(await ids(db, { [path]: { $lt: 0.05 } }), ["mnist-b"], path);
    }
    assert.deepEqual(await ids(db, { "trainer.model.optimizer.Adam.learningRate": 0.1 }), ["cifar", "mnist-a"]);
    assert.deepEqual(await ids(db, { "trainer.model.optimizer": "Sgd" }), ["cifar"]);
    assert.deepEqual(await ids(db, { $or: [{ "trainer.epochs": 1 }, { $not: { learningRate: 0.1 } }] }), [
      "cifar",
      "mnist-b",
    ]);
  });

  test("by tag, date, name, phase and provenance", async (db) => {
    assert.deepEqual(await ids(db, { tags: "first" }), ["cifar", "mnist-a"]);
    assert.deepEqual(await ids(db, { tags: { $ne: "first" } }), ["mnist-b"]);
    assert.deepEqual(await ids(db, { tags: { $in: ["a.b", "axb"] } }), ["mnist-a"]);
    assert.deepEqual(await ids(db, { tags: { $regex: "^a" } }), ["mnist-a"]);
    assert.deepEqual(await ids(db, { tags: { $regex: /FIRST/i } }), ["cifar", "mnist-a"], "a pattern keeps its flags");
    assert.deepEqual(await ids(db, { tags: /^A/i }), ["mnist-a"]);
    assert.deepEqual(await ids(db, { tags: { $regex: "^FIRST", $options: "i" } }), ["cifar", "mnist-a"]);
    assert.deepEqual(await ids(db, { tags: { $in: [/b$/, "no such"] } }), ["mnist-a"]);
    assert.deepEqual(await ids(db, { tags: { $regex: "^$" } }), [], "no tag is empty");
    assert.deepEqual(await ids(db, { tags: { $not: { $regex: "^first$" } } }), ["mnist-b"]);
    assert.deepEqual(await ids(db, { tags: ["first"] }), ["cifar"]);
    assert.deepEqual(await ids(db, { $and: [{ tags: "first" }, { tags: "a.b" }] }), ["mnist-a"]);
    assert.deepEqual(await ids(db, { created: { $gte: "2026-02" } }), ["mnist-b"]);
    assert.deepEqual(await ids(db, { created: { $gt: new Date("2026-02-01") } }), ["mnist-b"], "a Date");
    assert.deepEqual(await ids(db, { created: new Date("2026-03-01") }), ["mnist-b"]);
    assert.deepEqual(
      await ids(db, { created: { $lt: "2026-01-01 00:30" } }),
      ["cifar", "mnist-a"],
      "as tables show it",
    );
    assert.deepEqual(await ids(db, { $or: [{ created: { $in: [new Date("2026-03-01")] } }] }), ["mnist-b"]);
    assert.deepEqual(await ids(db, { created: { $gt: "2026-03-01T00:30+01:00" } }), ["mnist-b"], "of another zone");
    assert.deepEqual(await ids(db, { created: { $not: { $lt: "2026-03-01T00:00Z" } } }), ["mnist-b"]);
    assert.deepEqual(await ids(db, { created: { $regex: "^2026-03" } }), ["mnist-b"]);
    assert.deepEqual(await ids(db, { id: { $regex: "^mnist" } }), ["mnist-a", "mnist-b"]);
    assert.deepEqual(await ids(db, { phase: "completed" }), ["mnist-a", "mnist-b"]);
    assert.deepEqual(await ids(db, { "provenance.git.commit": "c-cifar" }), ["cifar"]);
  });

  test("in order, cut and reduced", async (db) => {
    const select = ["best.validation/accuracy", "trainer.epochs", "tags"];
    const sort = { "best.validation/accuracy": -1 as const };
    assert.deepEqual(await db.runs.query({ sort, skip: 1, limit: 1, select }), [
      { id: "mnist-b", "best.validation/accuracy": 0.7, "trainer.epochs": 3, tags: [] },
    ]);
    assert.equal((await db.runs.query())[0]!.configuration.trainer.looper.epochs, 1, "oldest first: by name here");
  });

  test("and what is wrong is named", async (db) => {
    const fails = async (query: object, error: object) => await assert.rejects(db.runs.query(query), error);
    await fails({ where: { "best.validation/acuracy": 1 } }, {
      name: "RangeError",
      message:
        /Cannot query runs by "best.validation\/acuracy": no run has it; did you mean "best.validation\/accuracy"/,
    });
    await fails({ sort: { learningRat: 1 } }, { name: "RangeError", message: /did you mean/ });
    await fails({ where: { phas: "x" } }, { message: /did you mean "phase"/ });
    await fails({ wher: {} }, { name: "TypeError", message: /it takes no "wher"; did you mean "where"/ });
    await fails({ where: { step: { $gtt: 1 } } }, { message: /"\$gtt".*did you mean "\$gt"/ });
    await fails({ select: "name" }, { message: /"select" takes a list/ });
  });
}

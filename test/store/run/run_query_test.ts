import assert from "node:assert/strict";
import { join } from "node:path";
import { LowdbStore } from "../../../src/store/lowdb_store.ts";
import { MemoryStore } from "../../../src/store/memory_store.ts";
import { experiment, open } from "../../session/experiments.ts";
import { addRun, runQueryContract } from "../run_query_contract.ts";
import { record } from "../store_contract.ts";
import { temporary } from "../temporary.ts";

runQueryContract("LowdbStore", () => new LowdbStore({ path: join(temporary(), "store") }));
runQueryContract("MemoryStore", () => new MemoryStore());

Deno.test("a run whose record says nothing of its series has its journal read once", async () => {
  const path = join(temporary(), "store");
  await addRun(new LowdbStore({ path }), "old", [0.5, 0.9, 0.8]);
  const query = { where: { "best.validation/accuracy": 0.9 }, select: ["id", "bestStep.validation/accuracy", "step"] };
  const wanted = [{ id: "old", "bestStep.validation/accuracy": 2, step: 3 }];
  assert.deepEqual(await new LowdbStore({ path }).runs.query(query), wanted);
  Deno.writeTextFileSync(join(path, "runs/old/journal.jsonl"), "");
  assert.deepEqual(await new LowdbStore({ path }).runs.query(query), wanted);
  const run = await new LowdbStore({ path }).runs.open("old");
  await run.update({ phase: "again" });
  await run.close();
  assert.deepEqual(await new LowdbStore({ path }).runs.query({ where: { phase: "again" }, select: ["step"] }), [
    { id: "old", step: 0 },
  ], "what was found out is forgotten when the run changes");
});

Deno.test("runs are queried in a store that may only be read, and with a damaged run among them", async () => {
  const path = join(temporary(), "store");
  const db = new LowdbStore({ path });
  for (const id of ["a", "b"]) await addRun(db, id, [0.5]);
  Deno.writeTextFileSync(join(path, "runs/b/run.json"), "x");
  const found = await new LowdbStore({ path }).runs.query({ where: { "best.validation/accuracy": 0.5 } });
  assert.deepEqual(found.map(({ id }) => id), ["a"]);
  assert.deepEqual((await new LowdbStore({ path }).runs.query({ where: { seed: 3 } })).map(({ id }) => id), ["a"]);
});

Deno.test("a run that says it is running and gave no sign of life for a while is one that died", async () => {
  const db = new MemoryStore();
  await addRun(db, "gone", [0.5], { phase: "running" });
  await (await db.runs.create(record("begun"))).close();
  assert.deepEqual((await db.runs.query({ where: { phase: "died" } })).map(({ id }) => id), ["gone"]);
  assert.deepEqual((await db.runs.query({ where: { phase: "running" } })).map(({ id }) => id), ["begun"]);
});

Deno.test("runs are queried by a batch size that was left to its default, which is not in their record", async () => {
  const db = new MemoryStore();
  for (const [id, dataLoader] of Object.entries({ usual: {}, small: { batchSize: 8 } })) {
    const session = await open(experiment(id, { looper: { steps: 1 }, data: { dataLoader } }), db);
    await session.run();
    assert.equal(session.dataProvider.dataLoader.batchSize, id === "usual" ? 32 : 8);
  }
  const ids = async (where: object) => (await db.runs.query({ where: where as never })).map(({ id }) => id);
  assert.deepEqual(await ids({ batchSize: 32 }), ["usual"]);
  assert.deepEqual(await ids({ "dataLoader.batchSize": { $lt: 32 } }), ["small"]);
  assert.deepEqual(await ids({ batchSize: 64 }), []);
  const told = await db.runs.query({ where: { id: "usual" }, select: ["batchSize"] });
  assert.deepEqual(told, [{ id: "usual", batchSize: 32 }]);
  const alone = new MemoryStore();
  await (await open(experiment("usual", { looper: { steps: 1 }, data: { dataLoader: {} } }), alone)).run();
  assert.deepEqual(
    await alone.runs.query({ where: { batchSize: 64 } }),
    [],
    "no run fits, and it is no mistake to ask",
  );
});

/** Runs that are read out of a notebook where its store is not, or lacks something. */
import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { type DBInterface, MemoryStore, NDArray, type Session, Sgd } from "../../mod.ts";
import { verify } from "../../src/notebook/verify.ts";
import { saveWeights, weightsPath } from "../../src/notebook/weights.ts";
import { at, experiment, open, outcome } from "../session/experiments.ts";
import { temporary } from "../store/temporary.ts";
import { embedded, filesIn, fromNotebook } from "./from_notebook.ts";
import { notebookOf, ran, record } from "./notebooks.ts";

const warningsOf = (session: Session) => session.status.warnings.join("\n");

/** Moves a notebook to where its store is not. */
function sent(notebook: string, ...beside: string[]): string {
  const folder = temporary();
  for (const path of [notebook, ...beside]) Deno.copyFileSync(path, join(folder, basename(path)));
  return join(folder, basename(notebook));
}

Deno.test("a configuration that was too large for its notebook comes from the store, or is given again", async () => {
  const layers = Array.from({ length: 300 }, () => ({ dropout: { rate: 0 } }));
  const net = { Sequential: { layers: ["flatten", ...layers, { dense: { units: 10 } }] } };
  const { notebook, session } = await ran("deep", { model: { net }, looper: { steps: 2 } }, embedded);
  const [run] = await fromNotebook(notebook);
  assert.deepEqual(run!.record.hidden, ["trainer.model.net.layers"]);
  assert.equal((await verify(notebook))[0]!.verdict, "matches");
  assert.deepEqual(await outcome(await run!.open()), await outcome(session));
  const [moved] = await fromNotebook(sent(notebook)), memory = { dbInterface: "MemoryStore" };
  await assert.rejects(
    moved!.open({}, memory),
    /its notebook doesn't hold trainer\.model\.net\.layers \(secret, too large, .*give it again: open\(\{\}, \{/,
  );
  const again = await moved!.open({}, { ...memory, "trainer.model.net.layers": net.Sequential.layers });
  assert.deepEqual(await outcome(again), await outcome(session));
});

Deno.test("weights embedded in the notebook let a run go on where the store is not", async () => {
  const straight = await open(experiment("carried", { looper: { epochs: 5 } }), new MemoryStore());
  await straight.run();
  const { notebook, session } = await ran("carried", {}, embedded);
  const path = sent(notebook);
  const [run] = await fromNotebook(path);
  assert.equal(run!.where, "notebook");
  assert.ok(run!.weights!.equals(await session.state()));
  assert.ok(run!.history.equals(session.history), "a short History is whole");
  const tried = await run!.open({}, { dbInterface: new MemoryStore() });
  assert.deepEqual([tried.status.phase, tried.dbInterface.location], ["completed", undefined]);
  assert.deepEqual(await tried.evaluate("train"), await session.evaluate("train"));
  assert.deepEqual(filesIn(join(path, "..")).length, 1, "nothing is kept beside the notebook");

  const longer = await run!.open({ extend: true }, ["trainer.looper.epochs=5"]);
  assert.equal(longer.dbInterface.location, join(path, "..", "runs"));
  await longer.run();
  assert.deepEqual(await outcome(longer), await outcome(straight));
  assert.equal((await fromNotebook(path))[0]!.where, "notebook", "of the run that it shows: the store's has gone on");
  await assert.rejects(run!.open(), /another configuration:\n\s*trainer\.looper\.epochs: 5 -> 3/);
  const again = await run!.open({}, ["trainer.looper.epochs=5"]);
  assert.equal(again.trainer.looper.step, 25, "but it is the store's that goes on");
});

Deno.test("a file beside the notebook does the same; that of another run is not taken for it", async () => {
  const { notebook, session } = await ran("beside");
  const file = await saveWeights(session, notebook);
  assert.equal(file, weightsPath(notebook, "beside"));
  assert.match(file, /digits\.beside\.safetensors$/);
  const [run] = await fromNotebook(sent(notebook, file));
  assert.equal(run!.where, "file");
  const again = await run!.open({}, ["dbInterface=MemoryStore"]);
  assert.deepEqual(await outcome(again), await outcome(session));
  const other = await ran("beside", { seed: 9 });
  await saveWeights(other.session, notebook);
  const [alone] = await fromNotebook(sent(notebook, file));
  assert.equal(alone!.where, "nowhere");
  assert.match(alone!.warnings.join(), /are not those of this run: their digest is another/);
});

Deno.test("without weights and store, a run is there to compare; opening it says what is missing", async () => {
  const { notebook, session } = await ran("bare");
  const path = sent(notebook), [run] = await fromNotebook(path);
  assert.deepEqual([run!.where, run!.weights], ["nowhere", undefined]);
  assert.ok(run!.history.equals(session.history));
  await assert.rejects(
    run!.open(),
    /Cannot open the run "bare": the store "runs" has no run "bare"; bring .*fresh: true/,
  );
  const anew = await run!.open({ fresh: true }, { dbInterface: "MemoryStore" });
  await anew.run();
  assert.deepEqual(await outcome(anew), await outcome(session));
  await assert.rejects(
    run!.open({}, ["dbInterface=MemorStore"]),
    /Cannot open the run "bare": dbInterface: .*did you mean "MemoryStore"/,
  );
  const moved = await run!.open({}, { "dbInterface.path": session.dbInterface.location });
  assert.equal(moved.status.phase, "completed");
  const elsewhere = await fromNotebook(path, { store: session.dbInterface });
  assert.equal(elsewhere[0]!.where, "store");
  const folder = await fromNotebook(path, { store: session.dbInterface.location });
  assert.equal((await folder[0]!.open()).status.phase, "completed");
});

Deno.test("a module that took another's place, and a long History, come along in a notebook", async () => {
  const folder = temporary();
  const configuration = experiment("swapped", {
    looper: { steps: 240 },
    trainer: { checkpoints: { every: { steps: 50 } } },
  });
  const session = await open(configuration, join(folder, "runs"));
  at(session, 9, () => session.trainer.model.optimizer = new Sgd({ learningRate: 0.05 }) as never);
  await session.run();
  const shown = await record(session, folder, embedded);
  const [run] = await fromNotebook(sent(notebookOf(folder, shown)));
  assert.ok(run!.record.history.reduced && run!.history.length < 240);
  assert.deepEqual(run!.history.last("train/loss")!.step, 240);
  const again = await run!.open({}, { dbInterface: "MemoryStore" });
  assert.equal(again.trainer.model.optimizer.constructor.name, "Sgd");
  assert.ok((await again.state()).equals(await session.state()));
  assert.match(warningsOf(again), /its History came from a notebook, reduced/);
});

Deno.test("what a record hides comes from the store, or is given again", async () => {
  const folder = temporary(), outside = temporary();
  const { codecFor, Digits } = await import("../../mod.ts");
  const { input, target } = new Digits({ split: "test" }).gather(Array.from({ length: 48 }, (_, i) => i));
  const write = async (path: string, x = input) =>
    Deno.writeFileSync(path, await (await codecFor(path)).stringify({ x, y: target }));
  const file = join(outside, "data.npz");
  await write(file);
  const dataProvider = {
    datasets: { train: { ArrayDataset: { path: file, input: "x", target: "y" } } },
    dataLoader: { batchSize: 24 },
  };
  const session = await open(experiment("hidden", { dataProvider }), join(folder, "runs"));
  await session.run();
  const path = notebookOf(folder, await record(session, folder, embedded));
  const [run] = await fromNotebook(path);
  assert.deepEqual(run!.record.hidden, ["dataProvider.datasets.train.path"]);
  assert.equal((await run!.open()).status.phase, "completed", "the store knows it");
  const [moved] = await fromNotebook(sent(path));
  await assert.rejects(
    moved!.open(),
    /^TypeError: Cannot open the run "hidden": its notebook doesn't hold dataProvider\.datasets\.train\.path .*give it again/,
  );
  const memory = { dbInterface: "MemoryStore" };
  const again = await moved!.open({}, { ...memory, "dataProvider.datasets.train.path": file });
  assert.deepEqual(await outcome(again), await outcome(session));
  assert.equal(warningsOf(again), "");
  const other = join(outside, "other.npz");
  await write(other, new NDArray("float32", input.shape));
  const wrong = await moved!.open({}, { ...memory, "dataProvider.datasets.train.path": other });
  assert.match(warningsOf(wrong), /the data set "train" is not the one that the notebook's run used/);
});

Deno.test("a store that is damaged is told, and the notebook's own contents are used", async () => {
  const { folder, notebook, session } = await ran("torn", {}, embedded);
  Deno.writeTextFileSync(join(folder, "runs/runs/torn/run.json"), "{");
  const [run] = await fromNotebook(notebook);
  assert.deepEqual([run!.where, run!.error], ["notebook", undefined]);
  assert.match(run!.warnings.join(), /its store can't be read: Cannot read run "torn"/);
  assert.ok(run!.weights!.equals(await session.state()));
});

Deno.test("a run that was kept in memory says so", async () => {
  const session = await open(experiment("memory"), new MemoryStore() as DBInterface);
  await session.run();
  const folder = temporary();
  const [plain] = await fromNotebook(notebookOf(folder, await record(session, folder)));
  await assert.rejects(plain!.open(), /it was kept in memory only/);
  const [run] = await fromNotebook(notebookOf(folder, await record(session, folder, embedded)));
  assert.deepEqual(await outcome(await run!.open()), await outcome(session));
});

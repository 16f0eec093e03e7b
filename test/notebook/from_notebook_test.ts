import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { type DBInterface, MemoryStore, NDArray, Session, Sgd } from "../../mod.ts";
import { fromNotebook as fromNotebookAs } from "../../src/notebook/from_notebook.ts";
import { parseNotebook, readNotebook } from "../../src/notebook/notebook_file.ts";
import { seal } from "../../src/notebook/record_schema.ts";
import { verify } from "../../src/notebook/verify.ts";
import { saveWeights, weightsPath } from "../../src/notebook/weights.ts";
import { at, experiment, open, outcome, type Plain } from "../session/experiments.ts";
import { temporary } from "../store/temporary.ts";
import { changed, notebookOf, ran, record, writeNotebook } from "./notebooks.ts";

const fromNotebook = (path: string, options: { store?: string | DBInterface } = {}) =>
  fromNotebookAs(path, { session: Session, ...options });
const embedded = { weights: { limit: 1_000_000 } };
const warningsOf = (session: Session) => session.status.warnings.join("\n");

/** Moves a notebook to where its store is not. */
function sent(notebook: string, ...beside: string[]): string {
  const folder = temporary();
  for (const path of [notebook, ...beside]) Deno.copyFileSync(path, join(folder, basename(path)));
  return join(folder, basename(notebook));
}

/** Every file below a folder with its time and size. */
function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1).flatMap(({ name, isDirectory }) => {
    const path = join(folder, name), { mtime, size } = Deno.statSync(path);
    return isDirectory ? [path, ...filesIn(path)] : [`${path} ${mtime?.getTime()} ${size}`];
  });
}

Deno.test("the runs of a notebook come with all that the store has, in order, and nothing is written", async () => {
  const { folder, session, shown } = await ran("first");
  const other = await ran("second", { seed: 8 }, {}, folder);
  const path = notebookOf(folder, shown, other.shown);
  Deno.chmodSync(path, 0o444);
  const before = filesIn(folder);
  const runs = await fromNotebook(path);
  assert.deepEqual(filesIn(folder), before);
  assert.deepEqual(runs.map(({ id, label, name, where, cell }) => [id, label, name, where, cell.index, cell.id]), [
    ["first", "first", "first", "store", 1, "cell-1"],
    ["second", "second", "second", "store", 2, "cell-2"],
  ]);
  assert.ok(runs[0]!.history.equals(session.history));
  assert.ok(runs[0]!.weights!.equals(await session.state()));
  const { dbInterface, ...configuration } = runs[1]!.configuration.toJSON() as Plain;
  assert.deepEqual(dbInterface, { LowdbStore: { path: "runs" } });
  assert.deepEqual(configuration.trainer, (other.session.configuration.toJSON() as Plain).trainer);
  assert.deepEqual(runs.flatMap(({ warnings, error }) => [...warnings, error]), [undefined, undefined]);
  assert.match(String(runs[0]), /^NotebookRun "first" in cell 1: completed, weights: store, train\/loss \d/);
});

Deno.test("a run that was stopped goes on from its notebook to the very bits of one that was not", async () => {
  const straight = await open(experiment("stopped"), new MemoryStore());
  await straight.run();
  const folder = temporary();
  const session = await open(experiment("stopped"), join(folder, "runs"));
  at(session, 7, () => void session.stop());
  await session.run();
  const [run] = await fromNotebook(notebookOf(folder, await record(session, folder)));
  assert.equal(run!.record.phase, "interrupted");
  const again = await run!.open();
  assert.deepEqual([again.status.phase, again.trainer.looper.step], ["restored", 7]);
  await again.run();
  assert.deepEqual(await outcome(again), await outcome(straight));
  const longer = await run!.open({ extend: true }, ["trainer.looper.epochs=4"]);
  await longer.run();
  assert.equal(longer.trainer.looper.step, 20);
  await assert.rejects(run!.open({}, ["seed=4"]), /Cannot go on with "stopped": .*\n\s*seed: 3 -> 4/);
});

Deno.test("a fork that a notebook shows is opened under its own name; a class of one's own opens it", async () => {
  const { folder } = await ran("parent", { trainer: { checkpoints: { every: { steps: 3 }, keep: { last: 9 } } } });
  const configuration = experiment("parent", {
    seed: 3,
    trainer: { checkpoints: { every: { steps: 3 }, keep: { last: 9 } } },
  });
  const fork = await open(configuration, join(folder, "runs"), { fork: 6 });
  await fork.run();
  class Mine extends Session {
    get mine(): boolean {
      return true;
    }
  }
  const [run] = await fromNotebookAs(notebookOf(folder, await record(fork, folder)), { session: Mine });
  assert.deepEqual([run!.id, run!.name, run!.record.lineage!.step], ["parent-fork-6", "parent", 6]);
  const again: Mine = await run!.open();
  assert.ok(again instanceof Mine && again.mine);
  assert.deepEqual([again.status.phase, again.id], ["completed", "parent-fork-6"]);
});

Deno.test("a run shown twice counts once, where it is shown last", async () => {
  const { folder, session, shown } = await ran("twice");
  const longer = await session.extend({ epochs: 4 });
  await longer.run();
  const later = await record(longer, folder);
  const broken = { ...changed(later, {}), phase: "cut" };
  const runs = await fromNotebook(notebookOf(folder, shown, later, broken));
  assert.equal(runs.length, 1);
  assert.deepEqual([runs[0]!.cell.index, runs[0]!.cells.map(({ index }) => index)], [2, [1, 2, 3]]);
  assert.equal(runs[0]!.record.counts.steps, 20);
  assert.match(runs[0]!.warnings.join(), /in cell 3 it is shown, too: .*checksum/);
});

Deno.test("of a run shown twice, what was recorded last counts, wherever it stands", async () => {
  const { folder, session, shown } = await ran("order");
  const longer = await session.extend({ epochs: 4 });
  await longer.run();
  const later = await record(longer, folder);
  const [run, ...others] = await fromNotebook(notebookOf(folder, later, shown));
  assert.equal(others.length, 0);
  assert.deepEqual([run!.cell.index, run!.cells.map(({ index }) => index)], [1, [1, 2]]);
  assert.equal(run!.record.counts.steps, 20);
});

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

Deno.test("a damaged record spoils no other", async () => {
  const { folder, shown } = await ran("good", {}, embedded);
  const seals = (changes: Plain) => {
    const { checksum: _, ...rest } = changed(shown, changes);
    return seal(rest as never);
  };
  const text = (shown.weights as { base64: string }).base64;
  const cut = seals({ id: "cut", weights: { ...shown.weights, base64: text.slice(0, text.length >> 1) } });
  const table = { ...shown.history.tables[0]!, values: { loss: "f4:AAAA" } };
  const history = seals({ id: "history", history: { ...shown.history, tables: [table] } });
  const runs = await fromNotebook(notebookOf(
    folder,
    changed(shown, { id: "newer", version: 7 }),
    "{ not JSON",
    changed(shown, { id: "lacking", digests: undefined }),
    cut,
    history,
    shown,
    [1, 2],
    JSON.stringify(shown).slice(0, 500),
  ));
  assert.deepEqual(runs.map(({ id }) => id), ["newer", "?", "lacking", "cut", "history", "good", "?", "?"]);
  const errors = runs.map(({ error }) => error?.message ?? "");
  const expected = [/version 7/, /JSON/, /digests/, /^$/, /packed column/, /^$/, /format/, /JSON/];
  errors.forEach((error, i) => assert.match(error, expected[i]!));
  assert.deepEqual(
    runs.map(({ history }) => history.length),
    [0, 0, 0, 15, 0, 15, 0, 0],
    "they can all be given to a chart",
  );
  assert.throws(() => runs[0]!.record, /version 7/);
  await assert.rejects(runs[0]!.open(), /version 7/);
  assert.equal(runs[3]!.where, "nowhere");
  assert.match(runs[3]!.warnings.join(), /the weights in the notebook can't be read: .*was cut/);
  assert.match(String(runs[0]), /damaged: /);
});

Deno.test("a store that is damaged is told, and the notebook's own contents are used", async () => {
  const { folder, notebook, session } = await ran("torn", {}, embedded);
  Deno.writeTextFileSync(join(folder, "runs/runs/torn/run.json"), "{");
  const [run] = await fromNotebook(notebook);
  assert.deepEqual([run!.where, run!.error], ["notebook", undefined]);
  assert.match(run!.warnings.join(), /its store can't be read: Cannot read run "torn"/);
  assert.ok(run!.weights!.equals(await session.state()));
});

Deno.test("a file that is no notebook is an error that says what it is", async () => {
  const folder = temporary();
  const file = (name: string, text: string) => {
    Deno.writeTextFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const rows: [string, string, RegExp][] = [
    ["", "SyntaxError", /it is empty; give an \.ipynb file/],
    ["const x = 1;", "SyntaxError", /it begins with "const x = 1;"/],
    ['{"cells": [', "SyntaxError", /it is cut or damaged/],
    ["[1, 2]", "TypeError", /found a JSON list/],
    ['{"version": 1}', "TypeError", /found JSON without an nbformat/],
    [
      '{"nbformat": 3, "worksheets": []}',
      "TypeError",
      /it is of nbformat 3, known is 4; open it in JupyterLab and save it/,
    ],
    ['{"nbformat": 4}', "SyntaxError", /its cells are missing/],
    ['{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}', "SyntaxError", /its cell 0 is \{"cell_type"/],
  ];
  for (const [text, name, message] of rows) {
    await assert.rejects(fromNotebook(file("x.ipynb", text)), { name, message });
  }
  await assert.rejects(fromNotebook(join(folder, "none.ipynb")), /there is no such file; check the path/);
  await assert.rejects(fromNotebook(folder), /it is a folder/);
  const empty = writeNotebook(join(folder, "empty.ipynb"), [{ source: "1 + 1" }]);
  assert.deepEqual(await fromNotebook(empty), []);
  const old = parseNotebook(
    '\uFEFF{"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [], "more": 1}',
    "old",
  );
  assert.deepEqual(old, { nbformat: 4, nbformat_minor: 2, metadata: {}, cells: [], more: 1 });
  const { cells } = await readNotebook(notebookOf(folder, 1));
  assert.equal(cells[1]!.outputs![0]!.data!["text/plain"], "a run\nand its chart", "text is in one piece");
});

Deno.test("a notebook into which Python wrote numbers that JSON lacks is read, without them", async () => {
  const { notebook, shown } = await ran("python");
  const text = await Deno.readTextFile(notebook);
  const source = String.raw`const a = NaN;\n// \"Infinity\\`;
  const changed = text.replace('"nbformat": 4', `"x": [NaN, -Infinity, Infinity], "s": "${source}", "nbformat": 4`);
  await Deno.writeTextFile(notebook, changed);
  const read = await readNotebook(notebook);
  assert.deepEqual([read.x, read.s], [[null, null, null], JSON.parse(`"${source}"`)]);
  assert.deepEqual((await fromNotebook(notebook))[0]!.record, shown);
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

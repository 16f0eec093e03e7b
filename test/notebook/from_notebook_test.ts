import assert from "node:assert/strict";
import { join } from "node:path";
import { MemoryStore, Session } from "../../mod.ts";
import { fromNotebook as fromNotebookAs } from "../../src/notebook/from_notebook.ts";
import { parseNotebook, readNotebook } from "../../src/notebook/notebook_file.ts";
import { seal } from "../../src/notebook/record_schema.ts";
import { at, experiment, open, outcome, type Plain } from "../session/experiments.ts";
import { temporary } from "../store/temporary.ts";
import { embedded, filesIn, fromNotebook } from "./from_notebook.ts";
import { changed, notebookOf, ran, record, writeNotebook } from "./notebooks.ts";

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

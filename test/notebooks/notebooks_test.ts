import assert from "node:assert/strict";
import { join } from "node:path";
import { Session } from "../../mod.ts";
import { initFolder } from "../../src/jupyter/init.ts";
import { ensureKernel } from "../../src/jupyter/install_kernel.ts";
import { ensureVenv } from "../../src/jupyter/venv.ts";
import { type Cell, clear, execute, read, shape, typesOf, write } from "./executed.ts";
import { root } from "../jupyter/tasks.ts";
import { temporary } from "../store/temporary.ts";

const folder = join(root, "notebooks");
const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".ipynb")).sort();
const largest = 300_000, largestView = 64_000;

const venv = await ensureVenv({ root });
await ensureKernel({ prefix: venv.prefix });

/** A folder with the notebooks as they are before they are run. */
async function fresh(): Promise<string> {
  const folderOfCopies = temporary();
  await initFolder(folderOfCopies);
  for (const name of names) write(join(folderOfCopies, name), clear(read(join(folder, name))));
  return folderOfCopies;
}
const copies = await fresh();

Deno.test("notebooks: there are the five, each small, shown without running, nothing of this machine in them", () => {
  assert.equal(names.length, 5);
  for (const name of names) {
    const text = Deno.readTextFileSync(join(folder, name));
    assert.ok(text.length < largest, `${name} has ${text.length} bytes`);
    assert.doesNotMatch(text, /\/(root|home|Users|work|tmp)\/|token/i, name);
    const cells = read(join(folder, name)).cells;
    assert.ok(cells.every((cell) => cell.cell_type !== "code" || cell.execution_count !== null), `${name} is executed`);
    for (const { data } of cells.flatMap(({ outputs = [] }) => outputs)) {
      assert.ok(JSON.stringify(data ?? {}).length < largestView, `a view in ${name}`);
      if (data?.["application/vnd.plotly.v1+json"] === undefined) continue;
      assert.match(String(data["text/html"]), /<img [^>]*src="data:image\/svg\+xml;base64,/, `a picture in ${name}`);
    }
  }
});

// In their order: the fifth reads the first.
for (const name of names) {
  Deno.test(`notebooks: ${name} runs, and gives what it shows`, async () => {
    const path = join(copies, name);
    await execute(venv.python, path);
    const [shown, found] = [read(join(folder, name)).cells, read(path).cells];
    assert.deepEqual(found.map(typesOf), shown.map(typesOf), "each output in its own cell");
    assert.deepEqual(found.map(shape), shown.map(shape), "the same values, but for their digits");
  });
}

Deno.test("notebooks: run again, every run is found and none is trained again", async () => {
  for (const name of names.filter((name) => !name.startsWith("03") && !name.startsWith("04"))) {
    const path = join(copies, name), before = await Session.fromNotebook(path);
    await execute(venv.python, path);
    const after = await Session.fromNotebook(path);
    assert.deepEqual(after.map(({ id }) => id), before.map(({ id }) => id));
    after.forEach((run, i) => {
      assert.equal(run.record.times.created, before[i]!.record.times.created, `${name}: ${run.id}`);
      assert.equal(run.record.times.began, null, "only found");
      assert.equal(run.record.digests.state, before[i]!.record.digests.state);
    });
  }
});

Deno.test("notebooks: stopped, and gone on with in another kernel, to the very same weights", async () => {
  const path = join(await fresh(), "04_stop_and_restart.ipynb"), whole = read(path);
  const until = whole.cells.findIndex(({ source }) => /session\.stop/.test([source].flat().join(""))) + 1;
  write(path, { ...whole, cells: whole.cells.slice(0, until) });
  await execute(venv.python, path);
  const [stopped] = await Session.fromNotebook(path);
  assert.equal(stopped!.record.phase, "interrupted");
  assert.equal(stopped!.record.counts.steps, 500);
  const rest: Cell[] = [...whole.cells.slice(0, until - 1), ...whole.cells.slice(until)];
  write(path, { ...whole, cells: rest });
  await execute(venv.python, path);
  const last = read(path).cells.at(-1)!.outputs!.at(-1)!;
  assert.match(String(last.data!["text/plain"]), /sameWeights: .*true.*sameHistory: .*true/);
});

Deno.test("notebooks: the runs of those in the repository can be read without their stores", async () => {
  const runs = (await Promise.all(names.map((name) => Session.fromNotebook(join(folder, name))))).flat();
  assert.deepEqual(runs.map(({ id }) => id).sort(), ["digits", "steered", "stopped", "streams"]);
  for (const run of runs) {
    assert.equal(run.error, undefined);
    assert.equal(run.record.phase, "completed");
    assert.ok(run.history.best("validation/accuracy", "max").value > 0.9, run.id);
  }
});

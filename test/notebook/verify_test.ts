import assert from "node:assert/strict";
import { join } from "node:path";
import { Callback, MemoryStore } from "../../mod.ts";
import { fromNotebook } from "../../src/notebook/from_notebook.ts";
import { seal } from "../../src/notebook/record_schema.ts";
import { verificationText } from "../../src/notebook/verification.ts";
import { verify } from "../../src/notebook/verify.ts";
import { at, experiment, open } from "../session/experiments.ts";
import { temporary } from "../store/temporary.ts";
import { changed, configuring, notebookOf, ran, record, showing, writeNotebook } from "./notebooks.ts";

class Failing extends Callback {
  end_of_training_step({ step }: { step: number }) {
    if (step === 8) throw new Error("no more");
  }
}

/** The verdict on a notebook's only run, and its reasons. */
async function verdict(path: string, options = {}): Promise<string> {
  const [found, ...others] = await verify(path, options);
  assert.equal(others.length, 0);
  assert.equal(found!.reasons.length, found!.mend.length);
  return [found!.verdict, ...found!.reasons].join(": ");
}

Deno.test("a run that is as its store has it matches, also after it was opened again and its notebook was reformatted", async () => {
  const { folder, notebook, shown, session } = await ran("same");
  assert.equal(await verdict(notebook), "matches");
  await (await open(experiment("same"), join(folder, "runs"))).run();
  assert.equal(await verdict(notebook), "matches");
  const fresh = await session.fresh();
  await fresh.run();
  assert.equal(await verdict(notebook), "matches", "made anew, to the same bits");
  writeNotebook(notebook, [{ source: configuring.replaceAll("\n", "  \r\n") }, {
    source: `${showing}\n\n`,
    records: [shown],
  }]);
  Deno.chmodSync(notebook, 0o444);
  assert.equal(await verdict(notebook), "matches");
});

Deno.test("an interrupted, a failed and a fork's run match, too", async () => {
  const folder = temporary();
  const interrupted = await open(experiment("interrupted"), join(folder, "runs"));
  at(interrupted, 7, () => void interrupted.stop());
  await interrupted.run();
  const failing = await open(experiment("failing"), join(folder, "runs"));
  failing.callbacks.register(new Failing());
  await assert.rejects(failing.run(), /no more/);
  const fork = await interrupted.fork(6, ["trainer.model.optimizer.learningRate=0.02"]);
  await fork.run();
  const shown = await Promise.all([interrupted, failing, fork].map((session) => record(session, folder)));
  assert.notEqual(shown[1]!.digests.state, shown[1]!.digests.checkpoint, "what let it fail is not saved");
  assert.match(shown[1]!.reason!, /no more$/);
  const found = await verify(notebookOf(folder, ...shown));
  assert.deepEqual(found.map((one) => one.verdict), ["matches", "matches", "matches"]);
});

Deno.test("what is shown after the last checkpoint must be in the journal", async () => {
  const { folder, shown } = await ran("whole");
  const failing = await open(experiment("given up"), join(folder, "runs"));
  failing.callbacks.register(new Failing());
  await assert.rejects(failing.run(), /no more/);
  const ended = await record(failing, folder);
  assert.ok(ended.digests.checkpoint !== null && ended.digests.checkpoint !== ended.digests.state);
  const path = notebookOf(folder, ended);
  assert.equal(await verdict(path), "matches");
  const [run] = await fromNotebook(path);
  assert.match(run!.warnings.join(), /^the weights are of step 6, .*; the notebook shows 8 steps$/);
  const { checksum: _, ...rest } = changed(ended, { counts: { ...ended.counts, statistics: 9 } });
  assert.equal(
    await verdict(notebookOf(folder, seal(rest as never))),
    "stale: what it shows after step 6 is not in the store: it was not saved",
  );
  assert.equal(await verdict(notebookOf(folder, shown)), "matches");
});

Deno.test("a run that another Session went on with does not match, whatever lies in the store", async () => {
  const folder = temporary(), place = join(folder, "runs");
  const first = await open(experiment("both"), place);
  at(first, 7, () => void first.stop());
  await first.run();
  const old = await record(first, folder);
  const second = await open(experiment("both"), place);
  await second.run();
  const again = await record(first, folder), latest = await record(second, folder);
  const gone = "the run has gone on since: from step 7 to 15";
  assert.equal(await verdict(notebookOf(folder, again)), `stale: ${gone}`);
  const lines = async (...shown: unknown[]) => verificationText(await verify(notebookOf(folder, ...shown))).split("\n");
  const part = "matches  cell 1  both  (it shows the first 7 steps; cell 2 shows how the run went on)";
  assert.deepEqual(await lines(old, latest), [part, "matches  cell 2  both"]);
  assert.deepEqual(await lines(latest, old), [
    "matches  cell 1  both",
    "stale    cell 2  both",
    `  ${gone}; run the cell again`,
  ]);
  const { checksum: _, ...rest } = changed(old, {});
  rest.series["train/loss"].last.value = 7;
  assert.match((await lines(seal(rest as never), latest))[0]!, /^stale {4}cell 1 {2}both$/, "not this run's beginning");
});

Deno.test("a changed source makes a run stale", async () => {
  const { notebook, shown } = await ran("source");
  const write = (first: string, second: string) =>
    writeNotebook(notebook, [{ source: first }, { source: second, records: [shown] }]);
  assert.equal(
    await verdict(write(configuring, showing + ";")),
    "stale: the source of its cell has changed since it ran",
  );
  const gone = "stale: the cell that configured it has changed since, or is gone";
  assert.equal(await verdict(write(configuring.replace("...", "x"), showing)), gone);
  assert.match(await verdict(write("", "")), /^stale: the source of its cell .*: the cell that configured it/);
});

Deno.test("a run that has gone on, or is another one now, makes its record stale", async () => {
  const { folder, notebook, session } = await ran("moved");
  const longer = await session.extend({ epochs: 4 });
  await longer.run();
  const extended = await verdict(notebook);
  assert.match(extended, /^stale: the store's run has another configuration now \(trainer\.looper\.epochs: 3 -> 4\)/);
  assert.match(extended, /the run has gone on since: from step 15 to 20/);
  const fresh = await open(experiment("moved", { looper: { epochs: 1 } }), join(folder, "runs"), { fresh: true });
  await fresh.run();
  assert.match(await verdict(notebook), /the store's run is at step 5, before the 15 that are shown/);
  const seeded = await open({ ...experiment("moved"), seed: 4 }, join(folder, "runs"), { fresh: true });
  await seeded.run();
  assert.match(
    await verdict(notebook),
    /seed: 3 -> 4.*: the store's run has another State at the same step: it was made anew/,
  );

  const stopped = await open(experiment("stopped"), join(folder, "runs"));
  at(stopped, 7, () => void stopped.stop());
  await stopped.run();
  const path = notebookOf(folder, await record(stopped, folder));
  assert.equal(await verdict(path), "matches");
  await stopped.run();
  assert.equal(await verdict(path), "stale: the run has gone on since: from step 7 to 15");
});

Deno.test("what can't be known is said so: no store, no source, a damaged record or store", async () => {
  const { folder, notebook, shown } = await ran("lost");
  const alone = temporary();
  assert.equal(await verdict(notebookOf(alone, shown)), 'unknown: the store "runs" has no run "lost"');
  assert.deepEqual([...Deno.readDirSync(alone)].length, 1, "nothing is made by looking");
  assert.equal(await verdict(join(alone, "digits.ipynb"), { store: join(folder, "runs") }), "matches");

  const { checksum: _, ...rest } = changed(shown, { source: { cell: null, configured: null } });
  const sourceless = await verdict(notebookOf(folder, seal(rest as never)));
  assert.match(sourceless, /^unknown: its record doesn't tell the source of its cell: .* which source configured it$/);
  assert.match(
    await verdict(notebookOf(folder, changed(shown, { phase: "x" }))),
    /^unknown: .*doesn't match its checksum/,
  );

  const memory = await open(experiment("memory"), new MemoryStore());
  await memory.run();
  assert.equal(await verdict(notebookOf(folder, await record(memory, folder))), "unknown: it was kept in memory only");

  const far = await open(experiment("far"), join(temporary(), "elsewhere"));
  await far.run();
  assert.match(
    await verdict(notebookOf(folder, await record(far, folder))),
    /^unknown: its store, a folder named "elsewhere"/,
  );

  notebookOf(folder, shown);
  for (const { name } of Deno.readDirSync(join(folder, "runs/runs/lost/checkpoints"))) {
    Deno.writeTextFileSync(join(folder, "runs/runs/lost/checkpoints", name), "{");
  }
  assert.equal(await verdict(notebook), "unknown: the store has no good checkpoint of it");
  Deno.writeTextFileSync(join(folder, "runs/runs/lost/run.json"), "");
  assert.match(await verdict(notebook), /^unknown: its store can't be read: Cannot read run "lost"/);
});

Deno.test("as text: a line a run and one a reason, whatever they are called", async () => {
  const name = "<script>alert(1)";
  const { folder, shown } = await ran("plain");
  const { checksum: _, ...rest } = changed(shown, { id: `${name}\x1b[2J\u202e` });
  const path = notebookOf(folder, shown, seal(rest as never));
  const found = await verify(path);
  const text = verificationText(found);
  assert.deepEqual(text.split("\n").slice(0, 2), [
    "matches  cell 1  plain",
    `unknown  cell 2  ${name}\uFFFD[2J\uFFFD`,
  ]);
  assert.match(text.split("\n")[2]!, /^ {2}its store can't be read: Cannot name a run/);
  assert.equal(`${Deno.inspect(found[0])}`, "matches  cell 1  plain");
  assert.equal(verificationText([]), "no runs in this notebook");
});

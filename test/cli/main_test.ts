import assert from "node:assert/strict";
import { runTask } from "./program.ts";

const experiment = `
name: cli
seed: 3
trainer:
  model:
    net: { Sequential: { layers: [{ dense: { units: 10 } }] } }
  looper: { epochs: 2 }
  checkpoints: { every: { steps: 10 }, keep: { last: 20 } }
dataProvider:
  datasets: { train: { Digits: { split: test } } }
  dataLoader: { batchSize: 32 }
`;

async function folderWithExperiment(): Promise<string> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/experiment.yaml`, experiment);
  return folder;
}

Deno.test("ptutils: run, list, show, config go together", async () => {
  const folder = await folderWithExperiment();
  const first = await runTask("ptutils", folder, ["run", "experiment.yaml"]);
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /completed: 2 epochs are done/);
  assert.match((await runTask("ptutils", folder, ["run", "experiment.yaml"])).out, /restored the finished run "cli"/);

  const changed = await runTask("ptutils", folder, ["run", "experiment.yaml", "--set", "trainer.looper.epochs=3"]);
  assert.equal(changed.code, 1);
  assert.match(changed.err, /trainer\.looper\.epochs: 2 -> 3/);
  const longer = await runTask("ptutils", folder, [
    "run",
    "experiment.yaml",
    "--set",
    "trainer.looper.epochs=3",
    "--extend",
  ]);
  assert.equal(longer.code, 0, longer.err);
  assert.match(longer.out, /36 steps in 3 epochs/);

  const fork = await runTask("ptutils", folder, [
    "run",
    "experiment.yaml",
    "--set",
    'trainer.model.optimizer={"Sgd":{"learningRate":0.01}}',
    "--fork",
    "20",
  ]);
  assert.equal(fork.code, 0, fork.err);
  const fresh = await runTask("ptutils", folder, ["run", "experiment.yaml", "--fresh"]);
  assert.equal(fresh.code, 0, fresh.err);

  const list = await runTask("ptutils", folder, ["list"]);
  for (const run of ["cli", "cli~1", "cli-fork-20"]) assert.match(list.out, new RegExp(`^${run} +completed`, "m"));
  const show = await runTask("ptutils", folder, ["show", "cli-fork-20"]);
  assert.match(show.out, /forked from cli at step 20/);
  assert.match(show.out, /"Sgd"/);
  const config = await runTask("ptutils", folder, ["config", "cli-fork-20", "--resolve"]);
  assert.match(config.out, /"Sgd": \{\s+"learningRate": 0.01/, config.err);
  const typo = await runTask("ptutils", folder, ["config", "clii"]);
  assert.equal(typo.code, 1);
  assert.match(typo.err, /Cannot find the configuration "clii".*"cli"/);
});

Deno.test("ptutils config: checks, overrides and resolves without running", async () => {
  const folder = await folderWithExperiment();
  const { out } = await runTask("ptutils", folder, ["config", "experiment.yaml", "--resolve", "--set", "seed=4"]);
  const resolved = JSON.parse(out);
  assert.equal(resolved.seed, 4);
  assert.equal(resolved.trainer.model.optimizer.Adam.beta1, 0.9);
  const typo = await runTask("ptutils", folder, ["config", "experiment.yaml", "--set", "trainer.loper.epochs=1"]);
  assert.equal(typo.code, 1);
  assert.match(typo.err, /trainer: unknown key "loper"; did you mean "looper"\?/);
  assert.doesNotMatch(typo.err, /\n {4}at /, "an error of the user's shows no stack");
});

Deno.test("ptutils schema: a JSON Schema of experiments", async () => {
  const { out } = await runTask("ptutils", await Deno.makeTempDir(), ["schema"]);
  const schema = JSON.parse(out);
  assert.match(JSON.stringify(schema), /learningRate/);
});

Deno.test("ptutils: help, and errors that say what there is", async () => {
  const folder = await Deno.makeTempDir();
  const help = await runTask("ptutils", folder, ["--help"]);
  for (const command of ["run", "list", "show", "config", "schema"]) {
    assert.match(help.out, new RegExp(`^ +${command}\\b`, "m"));
  }
  const wrong = await runTask("ptutils", folder, ["rnu"]);
  assert.notEqual(wrong.code, 0);
  assert.match(wrong.err, /unknown command 'rnu'/);
  assert.match((await runTask("ptutils", folder, ["list"])).out, /no runs in/);
  const absent = await runTask("ptutils", folder, ["show", "digits"]);
  assert.match(absent.err, /Cannot show run "digits": there is none/);
  const file = await runTask("ptutils", folder, ["run", "absent.yaml"]);
  assert.equal(file.code, 1);
  assert.match(file.err, /absent\.yaml/);
});

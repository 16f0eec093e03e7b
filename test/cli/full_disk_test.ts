import assert from "node:assert/strict";
import { runTask } from "./program.ts";

/** Every checkpoint needs most of a megabyte. */
const experiment = `
name: large
seed: 3
trainer:
  model:
    net: { Sequential: { layers: [{ dense: { units: 900 } }, { dense: { units: 10 } }] } }
  looper: { steps: 6 }
  checkpoints: { every: { steps: 1 }, keep: { last: 20 } }
dataProvider:
  datasets: { train: { Digits: { split: test } } }
  dataLoader: { batchSize: 32 }
`;

const system = async (command: string, ...args: string[]): Promise<boolean> =>
  (await new Deno.Command(command, { args, stderr: "null" }).output().catch(() => ({ success: false }))).success;

Deno.test("ptutils run: a disk that is full at the end: it says what is not saved, and fails", async () => {
  const folder = await Deno.makeTempDir(), disk = `${folder}/runs`;
  await Deno.writeTextFile(`${folder}/experiment.yaml`, experiment);
  await Deno.mkdir(disk);
  if (!await system("mount", "-t", "tmpfs", "-o", "size=3m", "none", disk)) {
    return console.log("SKIPPED: a full disk at the end of a run, for a tmpfs may not be mounted here");
  }
  try {
    const command = ["run", "experiment.yaml"];
    const { code, out, err } = await runTask("ptutils", folder, command);
    assert.equal(code, 1, err);
    const told = /NOT all saved: the steps after (\d), for the last checkpoint could not be saved\n/.exec(out);
    assert.ok(told !== null, out);
    assert.match(out, /run "large" in .*runs lacks that/);
    assert.match(out, /warning: a checkpoint could not be saved: .*the disk is full/);
    assert.doesNotMatch(out, /saved in/);
    assert.match(err, /what is not saved is lost with this program/);
    assert.ok(await system("mount", "-o", "remount,size=64m", disk));
    const again = await runTask("ptutils", folder, command);
    assert.equal(again.code, 0, again.err);
    assert.match(again.out, new RegExp(`restored "large" at step ${told[1]}: going on`));
    assert.match(again.out, /saved in .*runs, run "large"/);
  } finally {
    await system("umount", disk);
  }
});

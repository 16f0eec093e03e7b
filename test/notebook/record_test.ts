import assert from "node:assert/strict";
import { join } from "node:path";
import { ArrayDataset, Digits, History, MemoryStore, NDArray, register, Statistic } from "../../mod.ts";
import { sourceDigest } from "../../src/notebook/digest.ts";
import { recordOf } from "../../src/notebook/record.ts";
import { parseRecord } from "../../src/notebook/record_schema.ts";
import { reduceHistory, restoreHistory } from "../../src/notebook/reduced_history.ts";
import { extractWeights } from "../../src/notebook/weights.ts";
import { at, experiment, open, type Plain } from "../session/experiments.ts";
import { temporary } from "../store/temporary.ts";
import { changed, ran, record } from "./notebooks.ts";

const validation = { datasets: { train: "Digits", validation: { Digits: { split: "test" } } } };

Deno.test("a run's record tells all that there is to know of it", async () => {
  const { session, shown, folder } = await ran("whole", { model: { metrics: ["Accuracy"] }, data: validation });
  assert.deepEqual(parseRecord(JSON.parse(JSON.stringify(shown))), shown, "it is JSON");
  assert.deepEqual([shown.id, shown.name, shown.phase, shown.reason], [
    "whole",
    "whole",
    "completed",
    "3 epochs are done",
  ]);
  const { dbInterface, ...rest } = session.configuration.toJSON() as Plain;
  const { dbInterface: shared, ...configuration } = shown.configuration as Plain;
  assert.deepEqual(configuration, rest);
  assert.equal(dbInterface.LowdbStore.path, join(folder, "runs"));
  assert.deepEqual(shared, { LowdbStore: { path: "runs" } });
  assert.deepEqual(shown.store, { kind: "LowdbStore", path: "runs", outside: false });
  assert.deepEqual([shown.hidden, shown.relative, shown.lineage, shown.weights], [[], [], null, null]);
  assert.equal(shown.digests.state, (await session.state()).digest());
  assert.equal(shown.digests.checkpoint, shown.digests.state);
  assert.deepEqual(Object.keys(shown.digests.data), ["train", "validation"]);
  assert.deepEqual([shown.counts.steps, shown.counts.epochs, shown.counts.statistics], [15, 3, 18]);
  const best = session.history.best("validation/accuracy", "max");
  assert.deepEqual(shown.series["validation/accuracy"]!.best, best);
  assert.equal(shown.series["train/loss"]!.last.value, session.history.last("train/loss")!.value);
  assert.equal((shown.provenance.versions as Plain).deno, Deno.version.deno);
  assert.ok(restoreHistory(shown.history).equals(session.history));
});

Deno.test("a checkpoint counts for what is shown, not for what another sitting made of it", async () => {
  const folder = temporary(), place = join(folder, "runs");
  const first = await open(experiment("two"), place);
  at(first, 7, () => void first.stop());
  await first.run();
  const before = await record(first, folder);
  assert.equal(before.digests.checkpoint, before.digests.state);
  const second = await open(experiment("two"), place);
  await second.run();
  const after = await record(first, folder);
  assert.deepEqual([after.counts.steps, after.digests.checkpoint], [7, null]);
  assert.equal((await record(second, folder)).counts.steps, 15);
});

Deno.test("what is not finite survives in a record", async () => {
  const values = [{ loss: NaN, b: -0 }, { loss: Infinity, b: 1e-320 }, { loss: 1 / 3, b: Number.MAX_VALUE }];
  const history = values.map((values, i) => new Statistic({ phase: "train", step: i + 1, epoch: 1, values }))
    .reduce(History.append, History.empty);
  const again = restoreHistory(JSON.parse(JSON.stringify(reduceHistory(history))));
  assert.ok(again.equals(history));
  const session = await open(
    experiment("spoilt", { model: { optimizer: { Sgd: { learningRate: 1e30 } } } }),
    new MemoryStore(),
  );
  await session.run();
  const shown = await recordOf(session);
  assert.deepEqual(shown.series["train/loss"]!.last.value, { $number: "NaN" });
  assert.ok(parseRecord(JSON.parse(JSON.stringify(shown))));
});

Deno.test("digests tell data and States apart, and are the same anywhere", async () => {
  const digits = new Digits();
  assert.equal(await digits.digest(), await new Digits({ split: "train" }).digest());
  assert.notEqual(await digits.digest(), await new Digits({ split: "test" }).digest());
  assert.equal(await digits.digest(), "e5f36854adddb0722a2fe0773fcd5a45d580eea739cc26a4f24e2e681843571e");
  const input = new NDArray("float32", [300, 2]), target = new NDArray("int32", [300]);
  const before = await new ArrayDataset({ input, target }).digest();
  for (const i of [0, 299, 598, 599]) {
    const other = input.clone();
    other.data[i] = 1e-9;
    assert.notEqual(await new ArrayDataset({ input: other, target }).digest(), before, `element ${i}`);
  }
  assert.notEqual(await new ArrayDataset({ input: input.reshape([300, 2, 1]), target }).digest(), before);
  const large = new NDArray("uint8", [70_000, 1000]);
  const many = () => new ArrayDataset({ input: large, target: new NDArray("uint8", [70_000]) }).digest();
  const first = await many();
  large.data[1] = 1;
  const second = await many();
  assert.notEqual(second, first);
  large.data[1000] = 1;
  assert.equal(await many(), second, "of 70 MB only some items are looked at");

  assert.equal(sourceDigest("a = 1  \r\nb\t\r\n\n"), sourceDigest("a = 1\nb"));
  assert.notEqual(sourceDigest("  a"), sourceDigest("a"), "what stands before the text counts");
});

Deno.test("a data set of one's own has a digest without doing anything for it; one that fails harms nothing", async () => {
  class Lines extends Digits {
    override digest(): string {
      throw new Error("the file is gone");
    }
  }
  register(Lines);
  const data = { datasets: { train: "Digits", extra: "Lines" }, dataLoader: { batchSize: 24, limit: 48 } };
  const session = await open(experiment("lines", { dataProvider: data, looper: { steps: 1 } }), new MemoryStore());
  await session.run();
  const { digests } = await recordOf(session);
  assert.equal(digests.data.extra, null);
  assert.match(digests.data.train!, /^[0-9a-f]{64}$/);
});

Deno.test("weights are embedded on request, up to a limit", async () => {
  const { session, folder } = await ran("heavy");
  const { weights } = await record(session, folder, { weights: { limit: 100_000 } });
  assert.ok(weights !== null && "base64" in weights);
  const state = extractWeights(weights);
  assert.ok(state.equals(await session.state()));
  const cut = { ...weights, base64: weights.base64.slice(0, -400) };
  assert.throws(() => extractWeights(cut), /^SyntaxError: Cannot read the weights .* bytes; it was cut or changed/);
  const none = await record(session, folder, { weights: { limit: 1000 } });
  assert.deepEqual(none.weights, {
    omitted: `the State takes ${weights.bytes} bytes, the limit is 1000; raise it, or keep the State in a file`,
  });
  assert.ok(parseRecord(none));
});

Deno.test("a record that was cut, changed, or is of another version is an error that says so", async () => {
  const { shown } = await ran("damaged", { looper: { steps: 2 } });
  const { configuration: _, ...lacking } = shown;
  const rows: [unknown, RegExp][] = [
    ["{", /Cannot read a run's record: .*JSON/],
    [null, /its format is null/],
    [{ format: "other" }, /its format is "other"/],
    [
      changed(shown, { version: 2 }),
      /it is of version 2, known is 1; read it with the version of PTUtils that wrote it/,
    ],
    [lacking, /configuration: /],
    [changed(shown, { counts: { ...shown.counts, steps: -1 } }), /counts\.steps: /],
    [changed(shown, { phase: "running" }), /its content doesn't match its checksum/],
  ];
  for (const [found, message] of rows) assert.throws(() => parseRecord(found), { name: "SyntaxError", message });
  assert.deepEqual(parseRecord(JSON.stringify(shown)), shown, "as text it is read, too");
});

Deno.test("a record can be made at any time: before, while it runs, after it was interrupted", async () => {
  const folder = temporary();
  const session = await open(experiment("early"), join(folder, "runs"));
  const before = await record(session, folder);
  assert.deepEqual([before.phase, before.counts.steps, before.digests.checkpoint], ["ready", 0, null]);
  assert.deepEqual(before.series, {});
  let during: Plain = {};
  at(session, 8, () => {
    during = { record: record(session, folder) };
    void session.stop("enough");
  });
  await session.run();
  assert.equal((await during.record).phase, "running");
  const after = await record(session, folder);
  assert.deepEqual([after.phase, after.reason, after.counts.steps], ["interrupted", "enough", 8]);
  assert.equal(after.digests.checkpoint, after.digests.state);
  for (const one of [before, await during.record, after]) assert.ok(parseRecord(one));
});

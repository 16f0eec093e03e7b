import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { ArrayDataset, Digits, History, MemoryStore, NDArray, register, Session, Statistic } from "../../mod.ts";
import { sourceDigest } from "../../src/notebook/digest.ts";
import { fitRecord } from "../../src/notebook/fit_record.ts";
import { recordOf } from "../../src/notebook/record.ts";
import { parseRecord, seal } from "../../src/notebook/record_schema.ts";
import { reduceHistory, restoreHistory } from "../../src/notebook/reduced_history.ts";
import { results } from "../../src/notebook/results.ts";
import { extractWeights } from "../../src/notebook/weights.ts";
import { redactor } from "../../src/session/redact_text.ts";
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

Deno.test("a record of four series is small, however long the run was", () => {
  const history = (steps: number) => {
    let found = History.empty;
    for (let step = 1; step <= steps; step++) {
      const epoch = Math.ceil(step / 10), noise = (step * 7919 % 1000) / 3000;
      const at = { step, epoch, size: 32, samples: step * 32, time: step * 0.0123 };
      const values = { loss: 2 / Math.sqrt(step) + noise, accuracy: 1 - 1 / step - noise / 9 };
      found = History.append(found, new Statistic({ ...at, phase: "train", values }));
      if (step % 10 === 0) found = History.append(found, new Statistic({ ...at, phase: "validation", values }));
    }
    return found;
  };
  for (const steps of [0, 1, 150, 5_000, 50_000]) {
    const whole = history(steps), reduced = reduceHistory(whole), again = restoreHistory(reduced);
    const length = JSON.stringify(reduced).length;
    assert.ok(length <= 8000 || steps <= 150, `${steps} steps take ${length} characters`);
    assert.equal(reduced.statistics, whole.length);
    assert.equal(reduced.reduced, again.length < whole.length);
    if (!reduced.reduced) assert.ok(again.equals(whole), "to the bit");
    for (const name of whole.names) {
      const [a, b] = [again, whole].map((one) => one.series(name));
      assert.ok(a!.y.length <= 210);
      assert.deepEqual([a!.x[0], a!.x.at(-1)], [b!.x[0], b!.x.at(-1)], "from the first to the last");
      assert.equal(again.best(name).step, whole.best(name).step);
      assert.equal(again.best(name, "max").step, whole.best(name, "max").step);
    }
  }
});

/** A History of so many series in train and validation. */
function broad(series: number, steps: number, name = (i: number) => `metric_${i}`): History {
  let found = History.empty;
  for (let step = 1; step <= steps; step++) {
    const values = Object.fromEntries(
      Array.from({ length: series / 2 }, (_, i) => [name(i), Math.sin(step * (i + 1)) / step]),
    );
    for (const phase of step % 10 === 0 ? ["train", "validation"] : ["train"]) {
      found = History.append(found, new Statistic({ phase, step, epoch: 1, size: 8, samples: step * 8, values }));
    }
  }
  return found;
}

Deno.test("a record is small, however many series there are, and however long their names", async () => {
  const { session, folder, shown: { checksum: _, series: __, history: ___, ...rest } } = await ran("broad");
  for (const [series, steps] of [[8, 3000], [20, 3000], [40, 3000], [400, 300], [2000, 50]] as const) {
    const history = broad(series, steps), shown = seal(fitRecord(rest, history)), length = JSON.stringify(shown).length;
    assert.ok(length <= 16_500, `${series} series take ${length}`);
    const { omitted = 0 } = shown.history, kept = Object.keys(shown.series);
    assert.equal(omitted + kept.length, series);
    assert.ok(kept.length >= Math.min(series, 30), `${kept.length} of ${series}`);
    const again = restoreHistory(parseRecord(JSON.parse(JSON.stringify(shown))).history);
    assert.deepEqual(again.names, kept);
    const quantities = (phase: string) => kept.filter((name) => name.startsWith(phase)).length;
    assert.ok(Math.abs(quantities("train/") - quantities("validation/")) < 2, "what is seen together");
    for (const one of kept) {
      const [a, b] = [again.last(one)!, history.last(one)!];
      assert.deepEqual([a.step, Math.fround(b.value)], [b.step, Math.fround(a.value)]);
    }
  }
  const shown = fitRecord(rest, broad(4, 30, (i) => i === 0 ? "loss" : "long".repeat(9000)));
  assert.deepEqual([Object.keys(shown.series), shown.history.omitted], [["train/loss", "validation/loss"], 2]);
  for (let i = 0; i < 30; i++) session.status.warn(`${i} ${"warned ".repeat(100)}`);
  const warned = await record(session, folder);
  assert.match(warned.warnings.at(-1)!, /^29 warned .*…$/);
  assert.ok(JSON.stringify(warned).length < 8000);
});

Deno.test("of a large configuration, its largest parts are left out, with words for them", async () => {
  const layers = (count: number) => Array.from({ length: count }, () => ({ dense: { units: 10 } }));
  const shownOf = async (count: number, params: Plain) => {
    const net = { Sequential: { layers: layers(count) } };
    const session = await open(experiment(`deep${count}`, { model: { net }, looper: { steps: 1 } }), new MemoryStore());
    return await recordOf(session, { params });
  };
  const usual = await shownOf(20, { list: [1, 2] });
  assert.deepEqual([usual.hidden, usual.params], [[], { list: [1, 2] }]);
  const large = await shownOf(400, { list: Array.from({ length: 5000 }, (_, i) => i), epochs: 3 });
  assert.ok(JSON.stringify(large).length < 12_000);
  assert.deepEqual(large.hidden, ["trainer.model.net.layers", "params.list"]);
  assert.match(JSON.stringify(large.configuration), /"layers":"\(left out: it takes \d+ bytes\)"/);
  assert.deepEqual([(large.params as Plain).epochs, (large.configuration as Plain).seed], [3, 3]);
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

Deno.test("neither tokens nor environment variables nor home folders get into a record", async () => {
  const folder = temporary(), secret = "s3cr3t-value-of-mine";
  Deno.env.set("PTUTILS_TEST_TOKEN", secret);
  try {
    const { input, target } = new Digits({ split: "test" }).gather([0, 1, 2, 3]);
    const { codecFor } = await import("../../mod.ts");
    const inside = join(folder, "data.npz"), outside = join(temporary(), "other.npz");
    const bytes = await (await codecFor(inside)).stringify({ x: input, y: target });
    for (const path of [inside, outside]) Deno.writeFileSync(path, bytes);
    const from = (path: string) => ({ ArrayDataset: { path, input: "x", target: "y" } });
    const session = await Session.configure({
      ...experiment("private", { looper: { steps: 2 } }),
      tags: [`key ${secret}`, "ghp_abcdefghijklmnopqrstuvwxyz0123", "postgres://me:hunter2@db/x", "~", homedir()],
      dataProvider: { datasets: { train: from(inside), validation: from(outside) }, dataLoader: { batchSize: 2 } },
      dbInterface: { LowdbStore: { path: join(temporary(), "elsewhere") } },
    } as never);
    session.status.warn(`Cannot read "/home/me/my.npz": token=abcdef, see /Users/me/notes or ${homedir()}/x`);
    await session.run();
    const params = {
      apiKey: "abc123",
      rate: 0.1,
      file: "/home/me/data/x.csv",
      header: "Authorization: Bearer abc.def",
    };
    const shown = await recordOf(session, { folder, params });
    const text = JSON.stringify(shown);
    for (
      const found of [secret, "ghp_", "hunter2", "/home/", "/Users/", folder, "abcdef", "abc123", "abc.def", "/tmp/"]
    ) {
      assert.ok(!text.includes(found), `${found} is in ${text}`);
    }
    assert.ok(homedir() === "/" || !text.includes(`${homedir()}`));
    assert.deepEqual(shown.relative, ["dataProvider.datasets.train.path"]);
    assert.deepEqual(shown.hidden, [
      "tags.0",
      "tags.1",
      "tags.2",
      "tags.4",
      "dataProvider.datasets.validation.path",
      "params.apiKey",
      "params.file",
      "params.header",
    ]);
    const { train, validation } = (shown.configuration as Plain).dataProvider.datasets;
    assert.deepEqual([train.ArrayDataset.path, validation.ArrayDataset.path], ["data.npz", "other.npz"]);
    assert.deepEqual(shown.store, { kind: "LowdbStore", path: "elsewhere", outside: true });
    for (const name of Object.keys(Deno.env.toObject())) assert.ok(name.length < 12 || !text.includes(name), name);
  } finally {
    Deno.env.delete("PTUTILS_TEST_TOKEN");
  }
});

Deno.test("nor do they stand in what a view shows beside its record; it shows few warnings", async () => {
  const folder = temporary(), session = await open(experiment("shown"), join(folder, "runs"));
  at(session, 2, () => void session.stop("lost https://me:hunter2@host/x, token=abcdef, /home/me/data/x.npz"));
  session.status.warn("first of five");
  session.status.warn("second of five");
  for (const path of ["/root/place/a", "C:\\Users\\me\\b", `${folder}/c`]) {
    session.status.warn(`see ${path} password: abc`);
  }
  await session.run();
  const bundle = await session.view().bundle(), text = JSON.stringify(bundle);
  for (const found of ["hunter2", "abcdef", 'abc"', "/home/me", "/root/", "Users", folder]) {
    assert.ok(!text.includes(found), `${found} is in ${text}`);
  }
  const lines = String(bundle["text/plain"]).split("\n").slice(-7);
  assert.equal(lines[0], "interrupted: lost https://(not recorded)@host/x, token=(not recorded), ~/data/x.npz");
  assert.equal(lines[2], 'saved in a folder "runs" elsewhere, run "shown"');
  assert.deepEqual(lines.slice(5), ["warning: see c password: (not recorded)", "and 2 earlier warnings"]);
  const whole = results(session);
  assert.ok(whole.includes("hunter2") && whole.includes(`saved in ${folder}/runs`) && whole.includes("first of five"));
});

Deno.test("what is taken out of text, and what stays", () => {
  const redact = redactor();
  const rows = [
    ["/home/me/my data/x.npz", "~/my data/x.npz"],
    ['Cannot read "/home/me/data/x.npz": no', 'Cannot read "~/data/x.npz": no'],
    ["at file:///Users/me/a.ts:3", "at ~/a.ts:3"],
    ["C:\\Users\\John Smith\\x", "~\\x"],
    ["see /data/imagenet/train.npz, ok", "see train.npz, ok"],
    ["https://hub.org/a/b/c?x=1", "https://hub.org/a/b/c?x=1"],
    ["https://me:pw@hub.org/a", "https://(not recorded)@hub.org/a"],
    ["https://h/x?token=abcd&y=1", "https://h/x?token=(not recorded)&y=1"],
    ["Authorization: Bearer abc.def", "Authorization: (not recorded)"],
    ['{"password":"abc"}', '{"password":"(not recorded)"}'],
    ["train/loss is NaN from step 3", "train/loss is NaN from step 3"],
    ["main.ts --token=(not recorded) x", "main.ts --token=(not recorded) x"],
    ["2026-11-23T08:42:00.000Z", "2026-11-23T08:42:00.000Z"],
    ["/a", "/a"],
  ];
  for (const [text, recorded] of rows) {
    assert.equal(redact(text!), recorded);
    assert.equal(redact(recorded!), recorded, "once is enough");
  }
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

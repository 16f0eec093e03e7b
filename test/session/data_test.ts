import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { codecFor, Digits, LowdbStore, MemoryStore, type NDArray, type Value } from "../../mod.ts";
import { temporary } from "../store/temporary.ts";
import { at, experiment, open, outcome, type Plain } from "./experiments.ts";

const root = temporary();
const digits = await new Digits({ classes: [0, 1, 2] }).gather(Array.from({ length: 60 }, (_, i) => i));
const numbers = (array: NDArray, i: number, width: number) =>
  Array.from(array.data.subarray(i * width, (i + 1) * width) as Float32Array);
const rows = Array.from({ length: 60 }, (_, i) => ({
  pixels: numbers(digits.input, i, 64),
  digit: `the ${digits.target.data[i]}`,
}));
const table = join(root, "digits.db"), store = join(root, "documents");

/** Writes the same digits in every way that a data set reads. */
async function makeData(): Promise<void> {
  const write = async (name: string, value: Value) =>
    await Deno.writeFile(join(root, name), await (await codecFor(name)).stringify(value));
  await write("digits.npz", { x: digits.input, y: digits.target });
  await write("digits.json", rows.map(({ pixels, digit }) => ({ ...pixels.slice(0, 12), digit })));
  for (const [i, { pixels, digit }] of rows.entries()) {
    await Deno.mkdir(join(root, "images", digit), { recursive: true });
    const image = digits.input.reshape([60, 8, 8, 1]);
    const data = Uint8Array.from(numbers(image, i, 64), (pixel) => pixel * 255);
    await write(`images/${digit}/${i}.png`, new (image.constructor as typeof NDArray)("uint8", [8, 8, 1], data));
    void pixels;
  }
  await new LowdbStore({ path: store }).access({ write: { collection: "digits", documents: rows } });
  const db = new DatabaseSync(table);
  db.exec("begin; create table digits (id integer primary key, a real, b real, digit text)");
  const insert = db.prepare("insert into digits values (?, ?, ?, ?)");
  rows.forEach(({ pixels, digit }, i) => insert.run(i, pixels[10]!, pixels[20]!, digit));
  db.exec("commit");
  db.close();
}
await makeData();

const kinds: Record<string, Plain> = {
  FileDataset: { path: join(root, "digits.npz"), input: "x", target: "y" },
  RowDataset: { path: join(root, "digits.json"), target: "digit" },
  ImageFolderDataset: { path: join(root, "images"), size: [4, 4], channels: 1 },
  QueryDataset: {
    dbInterface: { LowdbStore: { path: store } },
    query: { collection: "digits" },
    input: "pixels",
    target: "digit",
  },
  SqlDataset: { path: table, query: "SELECT a, b, digit FROM digits ORDER BY id", target: "digit" },
};
const configurationOf = (name: string, options: Plain) =>
  experiment(name.toLowerCase(), {
    dataProvider: { datasets: { train: { [name]: options } }, dataLoader: { batchSize: 16 } },
    looper: { epochs: 3 },
  });

for (const [name, options] of Object.entries(kinds)) {
  Deno.test(`an experiment on a ${name}: configured by data alone, stopped and resumed, it ends the same`, async () => {
    const configuration = configurationOf(name, options), [whole, broken] = [new MemoryStore(), new MemoryStore()];
    const straight = await open(configuration, whole);
    await straight.run();
    assert.equal(straight.status.phase, "completed");
    for (let step = 2;; step += 3) {
      const session = await open(JSON.parse(JSON.stringify(configuration)), broken);
      at(session, step, () => void session.stop());
      await session.run();
      assert.deepEqual(session.status.warnings.filter((warning) => /data set/.test(warning)), []);
      if (session.status.phase === "completed") {
        assert.deepEqual(await outcome(session), await outcome(straight));
        break;
      }
    }
    const digests = await Promise.all(
      [whole, broken].map(async (store) => (await store.runs.find(straight.id) as unknown as Plain).provenance.data),
    );
    assert.match(digests[0].train, /^[0-9a-f]{64}$/);
    assert.deepEqual(digests[1], digests[0]);
    assert.equal(digests[0].train, await straight.dataProvider.datasets.train!.digest());
  });
}

Deno.test("an experiment that goes on with other data is warned", async () => {
  const path = join(root, "changing.json"), store = new MemoryStore();
  const configuration = configurationOf("RowDataset", { path, target: "digit" });
  await Deno.copyFile(join(root, "digits.json"), path);
  const session = await open(configuration, store);
  at(session, 4, () => void session.stop());
  await session.run();
  await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace("the 1", "the 2"));
  const again = await open(configuration, store);
  const warning = 'the data set "train" is not the one that the run was trained on so far: its digest is another';
  assert.deepEqual(again.status.warnings.filter((text) => /data set/.test(text)), [warning]);
  await again.run();
  assert.equal(again.status.phase, "completed");
  const record = await store.runs.find("rowdataset") as unknown as Plain;
  assert.ok(record.summary.warnings.includes(warning), "it is on record");
  const third = await open(configuration, store);
  assert.deepEqual(third.status.warnings.filter((text) => /data set/.test(text)), [], "a finished run needs no data");
});

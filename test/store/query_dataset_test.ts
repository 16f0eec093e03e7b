import assert from "node:assert/strict";
import { join } from "node:path";
import { NDArray } from "../../src/module/ndarray.ts";
import { LowdbStore } from "../../src/store/lowdb_store.ts";
import { MemoryStore } from "../../src/store/memory_store.ts";
import { QueryDataset } from "../../src/store/query_dataset.ts";
import { testDataset } from "../data/dataset_contract.ts";
import { temporary } from "./temporary.ts";

const path = join(temporary(), "store");
const documents = Array.from({ length: 6 }, (_, i) => ({
  _id: `d${5 - i}`,
  size: { petal: i, sepal: i / 2 },
  pixels: new NDArray("uint8", [2, 2], [i, 1, 2, 3]),
  list: [i, 1.5],
  name: i % 2 === 0 ? "even" : "odd",
  place: i,
}));
const store = new LowdbStore({ path });
await store.access({ write: { collection: "flowers", documents } });

const query = { collection: "flowers" };
const make = (changes: object) =>
  QueryDataset.configure({ dbInterface: { LowdbStore: { path } }, query, target: "name", ...changes } as never);

testDataset("QueryDataset of numbers", () => make({ input: ["size.sepal", "size.petal"] }));
testDataset("QueryDataset of arrays", () => make({ input: "pixels", target: "size.petal", scale: 2 }));

Deno.test("QueryDataset: the documents that fit, in the order in which they were written, or sorted", async () => {
  const inputs = async (query: object) => {
    const dataset = await make({ input: "place", query: { ...query, collection: "flowers" } });
    return [...(await dataset.gather([...Array(dataset.size).keys()])).input.data];
  };
  assert.deepEqual(await inputs({}), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(await inputs({ sort: { _id: 1 } }), [5, 4, 3, 2, 1, 0]);
  assert.deepEqual(await inputs({ where: { "size.petal": { $gte: 2 }, name: "even" } }), [2, 4]);
  assert.deepEqual(await inputs({ sort: { name: -1 }, skip: 1, limit: 3 }), [3, 5, 0]);
});

Deno.test("QueryDataset: lists of numbers and NDArrays are inputs, texts classes", async () => {
  const lists = await make({ input: "list" });
  assert.deepEqual([lists(3).input, lists(3).target], [new NDArray("float32", [2], [3, 1.5]), 1]);
  assert.deepEqual(lists.classes, ["even", "odd"]);
  assert.deepEqual((await make({ input: "pixels" })).description.input, { dtype: "uint8", shape: [2, 2] });
  const nothingNamed = await make({ query: { collection: "flat" }, dbInterface: await flat(), target: "y" });
  assert.deepEqual([nothingNamed.size, [...nothingNamed(0).input.data]], [1, [1, 2]]);
});

async function flat(): Promise<MemoryStore> {
  const db = new MemoryStore();
  await db.access({ write: { collection: "flat", document: { a: 1, b: 2, y: "c" } } });
  return db;
}

Deno.test("QueryDataset: says what is wrong", async () => {
  const wrong: [object, RegExp][] = [
    [
      { input: "size.petl" },
      /^RangeError: Cannot find "size.petl" in any document of the query of "flowers": did you mean "size.petal"\?/,
    ],
    [
      { input: "size" },
      /^TypeError: Cannot use "size" in document 1 of .*: it is a record of "size.petal", "size.sepal"; name/,
    ],
    [{ input: "name" }, /^TypeError: Cannot use "name" in row 1 of .* as a number: it is the text "even"/],
    [{ query: { ...query, were: {} } }, /^TypeError: .*query: unknown key "were"; did you mean "where"\?/],
    [
      { query: { ...query, where: { place: { $gtt: 1 } } }, input: "place" },
      /^TypeError: Cannot use operator "\$gtt".*did you mean "\$gt"/,
    ],
    [{ dbInterface: "LowdbStor" }, /dbInterface: .*did you mean "LowdbStore"\?/],
  ];
  for (const [changes, message] of wrong) await assert.rejects(async () => await make(changes), message);
  const none = await make({ input: "place", query: { collection: "none" } });
  assert.equal(none.size, 0);
  assert.throws(() => none.get(0), /^RangeError: Cannot get item 0 of QueryDataset: it has 0 items/);
});

Deno.test("QueryDataset: its digest is of what the documents hold", async () => {
  const digest = async (db: MemoryStore | LowdbStore) =>
    await (await make({ input: "place", dbInterface: db })).digest();
  const copy = new MemoryStore();
  await copy.access({ write: { collection: "flowers", documents } });
  assert.equal(await digest(copy), await digest(store));
  await copy.access({ write: { collection: "flowers", document: { ...documents[2]!, place: 7 } } });
  assert.notEqual(await digest(copy), await digest(store));
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { Configuration } from "../../src/module/configuration.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { RowDataset } from "../../src/data/row_dataset.ts";
import { testDataset } from "./dataset_contract.ts";
import { folder, write } from "./files.ts";

const root = folder();
const rows = [
  { sepal: 5.1, petal: 1.4, name: "setosa" },
  { sepal: 7, petal: 4.7, name: "versicolor" },
  { sepal: 6.3, petal: 6, name: "virginica" },
  { sepal: 4.9, petal: 1.4, name: "setosa" },
];
await write(root, { "a.json": JSON.stringify(rows.slice(0, 3)), "b.json": JSON.stringify(rows.slice(3)) });
const path = join(root, "*.json");
const options = { input: ["petal", "sepal"], target: "name" };
const make = (changes: object) => RowDataset.configure({ rows, ...options, ...changes } as never);

testDataset("RowDataset of rows", () => make({}));
testDataset("RowDataset of files", () => RowDataset.configure({ path, ...options, scale: 0.5 }));
testDataset("RowDataset in a temporary file", () => make({ memory: 0 }));
testDataset("RowDataset of arrays", () => {
  const cell = (i: number) => new NDArray("uint8", [2, 2], [i, 1, 2, 3]);
  return RowDataset.configure({
    rows: [0, 1, 2].map((i) => ({ x: cell(i), y: cell(3 - i) })),
    input: "x",
    target: "y",
    shape: [4, 1],
  });
});

Deno.test("RowDataset: columns in the order in which they are named; texts are classes, sorted", async () => {
  const dataset = await make({});
  assert.deepEqual(dataset.classes, ["setosa", "versicolor", "virginica"]);
  assert.deepEqual(dataset(2), { input: new NDArray("float32", [2], [6, Math.fround(6.3)]), target: 2 });
  assert.deepEqual(dataset.description, {
    input: { shape: [2], dtype: "float32" },
    target: { shape: [], dtype: "int32", classes: 3 },
  });
  const all = await make({ input: undefined, target: "name" });
  assert.deepEqual(all(0).input, new NDArray("float32", [2], [Math.fround(5.1), Math.fround(1.4)]));
});

Deno.test("RowDataset: what the targets are", async () => {
  const targets = async (cells: unknown[], classes?: unknown) => {
    const dataset = await make({ rows: cells.map((y, x) => ({ x, y })), input: "x", target: "y", classes });
    const { rows: _, ...batch } = { ...await dataset.gather([...cells.keys()]), rows };
    return [[...batch.target.data].map(Number), dataset.description.target];
  };
  const as = (dtype: string, classes?: number) =>
    classes === undefined ? { dtype, shape: [] } : { dtype, shape: [], classes };
  assert.deepEqual(await targets([0, 2, 1]), [[0, 2, 1], as("int32", 3)]);
  assert.deepEqual(await targets([0, 2, 1], 5), [[0, 2, 1], as("int32", 5)]);
  assert.deepEqual(await targets([0, 2, 1], null), [[0, 2, 1], as("float32")]);
  assert.deepEqual(await targets([0.5, 2, 1]), [[0.5, 2, 1], as("float32")]);
  assert.deepEqual(await targets([true, false]), [[1, 0], as("int32", 2)]);
  assert.deepEqual(await targets([3n, 1n]), [[3, 1], as("int32", 4)]);
  assert.deepEqual(await targets(["b", "a", "b"]), [[1, 0, 1], as("int32", 2)]);
  assert.deepEqual(await targets(["b", "a", "b"], ["b", "x", "a"]), [[0, 2, 0], as("int32", 3)]);
  assert.deepEqual(await targets([2, 0], ["b", "x", "a"]), [[2, 0], as("int32", 3)]);
  assert.deepEqual(await targets(["b", "a"], 4), [[1, 0], as("int32", 4)]);
  const several = await make({ target: ["sepal", "petal"], input: "petal" });
  assert.deepEqual(several.description, {
    input: { shape: [1], dtype: "float32" },
    target: { shape: [2], dtype: "float32" },
  });
});

Deno.test("RowDataset: missing values are told, left out or filled", async () => {
  const gaps = [{ a: 1, b: 1, y: "n" }, { a: null, b: NaN, y: "n" }, { a: 3, y: "m" }, { a: 4, b: 4, y: "" }];
  await assert.rejects(
    make({ rows: gaps, input: ["a", "b"], target: "y" }),
    /^RangeError: Cannot use the rows: values are missing: "a" in row 2, "b" in row 2 and 1 more, "y" in row 4; fill them, or/,
  );
  const skipped = await make({ rows: gaps, input: ["a", "b"], target: "y", missing: "skip" });
  assert.deepEqual([skipped.size, skipped.classes], [1, ["n"]]);
  const filled = await make({ rows: gaps.slice(0, 3), input: ["a", "b"], target: "y", missing: -1 });
  assert.deepEqual([...(await filled.gather([0, 1, 2])).input.data], [1, 1, -1, -1, 3, -1]);
  await assert.rejects(make({ rows: gaps, input: ["a"], target: "y", missing: 0 }), /missing: "y" in row 4;/);
  await write(root, { "gaps.json": JSON.stringify([{ petal: 1, sepal: 1, name: "x" }, { petal: 1, name: "x" }]) });
  await assert.rejects(
    RowDataset.configure({ path: join(root, "{a,gaps}.json"), ...options }),
    /^RangeError: Cannot use ".*gaps.json": values are missing: "sepal" in row 2;/,
  );
});

Deno.test("RowDataset: says what is wrong", async () => {
  const wrong: [object, RegExp][] = [
    [{ input: ["petals"] }, /^RangeError: Cannot find the column "petals" in the rows: did you mean "petal"\?/],
    [{ target: "nam" }, /^RangeError: Cannot find the column "nam" in the rows: did you mean "name"\?/],
    [
      { input: ["petal", "name"], target: "petal" },
      /^TypeError: Cannot use "name" in row 1 of the rows as a number: it is the text "setosa"; name the columns/,
    ],
    [{ input: "name", target: "petal" }, /^TypeError: Cannot use "name" in row 1 of the rows as a number/],
    [
      { classes: ["setosa", "virginia"] },
      /^RangeError: Cannot use target 2 of the rows: it is the text "versicolor"; it is none of the classes/,
    ],
    [
      { classes: null },
      /^TypeError: Cannot use target 1 of the rows: it is the text "setosa"; a number is wanted, for classes is null/,
    ],
    [{ classes: 2 }, /^RangeError: Cannot use the rows: its targets have 3 different texts, classes says 2/],
    [{ target: "petal", classes: 3 }, /^RangeError: Cannot take target 1.39\d* of item 0 as one of 3 classes/],
    [
      { rows: [{ petal: 1, sepal: 1, name: "a" }, { petal: 1, sepal: 1, name: 2 }] },
      /^TypeError: Cannot use target 2 of the rows: it is 2; those before it are of another kind/,
    ],
    [
      { rows: [{ petal: 1, sepal: 1, name: 1 }, { petal: 1, sepal: 1, name: "a" }] },
      /^TypeError: Cannot use target 2 of the rows: it is the text "a"; those before/,
    ],
    [
      { rows: [{ petal: new Date(0), sepal: 1, name: 1 }] },
      /^TypeError: Cannot use "petal" in row 1 .* it is the date 1970-01-01T/,
    ],
    [
      { shape: [3] },
      /^RangeError: Cannot use the rows: an item's input has shape \[2\], 2 numbers; shape \[3\] takes 3/,
    ],
    [{ rows: [{ y: 1 }], input: undefined, target: "y" }, /^RangeError: Cannot use the rows: it has no column but "y"/],
    [{
      rows: [{ petal: new NDArray("int8", [2]), name: 1 }, { petal: new NDArray("int8", [3]), name: 1 }],
      input: "petal",
    }, /^TypeError: Cannot stack "petal" in row 2 of the rows: found int8 \[3\]/],
    [
      { rows: [{ petal: new NDArray("int8", [2]), name: 1 }, { petal: 1, name: 1 }], input: "petal" },
      /^TypeError: Cannot use "petal" in row 2 of the rows: 1 where an array is wanted/,
    ],
    [
      { rows: [1] },
      /^TypeError: Cannot configure RowDataset: rows: row 1 is no record of numbers, lists of them, texts/,
    ],
    [{ rows: "a.csv" }, /^TypeError: Cannot configure RowDataset: rows: expected a list of rows, found string/],
    [{ rows: undefined }, /^TypeError: .*rows: there is no table; give rows, or the path of a file/],
    [{ path: "a.csv" }, /^TypeError: .*path: give rows or path, not both/],
  ];
  for (const [changes, message] of wrong) await assert.rejects(make(changes), message);
  assert.throws(
    () => new RowDataset({ path, ...options }).size,
    /^Error: Cannot use RowDataset: ".*" is not read yet; await/,
  );
});

Deno.test("RowDataset: many rows stand in the configuration by their digest, few as they are", async () => {
  const few = await make({});
  assert.deepEqual((few.configuration.toJSON() as { rows: unknown }).rows, rows);
  const many = Array.from({ length: 1001 }, (_, i) => ({ ...rows[i % 4]!, i: BigInt(i) }));
  const dataset = await make({ rows: many });
  const data = JSON.parse(JSON.stringify(dataset.configuration));
  assert.deepEqual({ ...data.rows, sha256: "" }, { rows: 1001, sha256: "" });
  assert.deepEqual((await RowDataset.configure(new Configuration(data))).gather([7]), dataset.gather([7]));
  assert.throws(
    () => new RowDataset({ ...data, rows: { rows: 3, sha256: "0".repeat(64) } }),
    /rows: the 3 rows of sha256 000000000000\.\.\. were given in code and are not in the configuration; give them again/,
  );
});

Deno.test("RowDataset: its digest follows the content, not the path", async () => {
  const digest = async (changes: object) => await (await make(changes)).digest();
  const own = await digest({});
  assert.equal(await digest({ rows: structuredClone(rows), memory: 0 }), own);
  assert.notEqual(await digest({ rows: rows.slice(1) }), own);
  assert.notEqual(await digest({ rows: rows.map((row) => ({ ...row, name: `${row.name}!` })) }), own, "other names");
  const ofFile = async (path: string) => await (await RowDataset.configure({ path, ...options })).digest();
  await write(root, { "copy/a.json": JSON.stringify(rows), "copy/b.json": JSON.stringify(rows) });
  const first = await ofFile(join(root, "copy/a.json"));
  assert.equal(await ofFile(join(root, "copy/b.json")), first);
  await write(root, { "copy/b.json": JSON.stringify(rows.toReversed()) });
  assert.notEqual(await ofFile(join(root, "copy/b.json")), first, "also when it changes while the process lives");
});

Deno.test("RowDataset: lists of numbers in code, and the target by its usual name", async () => {
  const dataset = await RowDataset.configure({ rows: [{ input: [1, 2], target: 0 }, { input: [3, 4], target: 1 }] });
  assert.deepEqual([...dataset(1).input.data, dataset(1).target], [3, 4, 1]);
  const again = await RowDataset.configure(JSON.parse(JSON.stringify(dataset.configuration)));
  assert.deepEqual([...again(0).input.data], [1, 2]);
});

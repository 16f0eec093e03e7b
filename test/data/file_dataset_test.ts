import assert from "node:assert/strict";
import { join } from "node:path";
import { codecFor } from "../../src/codec/codecs.ts";
import { stringify as npy } from "../../src/codec/npy.ts";
import { stringify as npz } from "../../src/codec/npz.ts";
import { stringify as safetensors } from "../../src/codec/safetensors.ts";
import { FileDataset } from "../../src/data/file_dataset.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { testDataset } from "./dataset_contract.ts";
import { folder, write } from "./files.ts";

const root = folder(), at = (name: string) => join(root, name);
const images = new NDArray("uint8", [5, 2, 3], Uint8Array.from({ length: 30 }, (_, i) => i));
const labels = new NDArray("int64", [5], [0n, 2n, 1n, 2n, 0n]);
const part = (array: NDArray, from: number, to: number) => {
  const [, ...item] = array.shape, width = item.reduce((a, b) => a * b, 1);
  return new NDArray(array.dtype, [to - from, ...item], array.data.slice(from * width, to * width));
};
await write(root, {
  "all.npz": npz({ x: images, y: labels, other: new NDArray("int8", [2]) }),
  "all.safetensors": safetensors({ x: images, y: labels }),
  "three.npz": npz({ x: images, y: labels, z: labels }),
  "x.npy": npy(images),
  "y.npy": npy(labels),
  "x1.npz": npz({ only: part(images, 0, 2) }),
  "x2.npz": npz({ only: part(images, 2, 5) }),
  "shards/2.npz": npz({ x: part(images, 0, 3), y: part(labels, 0, 3) }),
  "shards/10.npz": npz({ x: part(images, 3, 5), y: part(labels, 3, 5) }),
  "table.json": JSON.stringify([{ a: 1, b: 2, y: "q" }, { a: 3, b: 4, y: "p" }, { a: 5, b: 6, y: "p" }]),
  "value.json": '{"rate": 1}',
});

const named = { input: "x", target: "y" };
const ways: Record<string, Record<string, unknown>> = {
  "an npz": { path: at("all.npz"), ...named },
  "a safetensors file": { path: at("all.safetensors"), target: "y" },
  "two npy files": { path: at("x.npy"), targetPath: at("y.npy") },
  "shards": { path: at("shards/*.npz"), ...named },
  "shards and another file": { path: at("x[12].npz"), targetPath: at("all.npz"), target: "y" },
  "a temporary file": { path: at("shards/*.npz"), ...named, memory: 7 },
};
for (const [name, options] of Object.entries(ways)) {
  testDataset(`FileDataset of ${name}`, () => FileDataset.configure(options as never));
  Deno.test(`FileDataset of ${name}: has the items of the arrays`, async () => {
    const dataset = await FileDataset.configure(options as never), batch = await dataset.gather([0, 1, 2, 3, 4]);
    assert.ok(batch.input.equals(images));
    assert.deepEqual([...batch.target.data], [0, 2, 1, 2, 0]);
    assert.deepEqual(dataset.description.target, { shape: [], dtype: "int32", classes: 3 });
  });
}
testDataset(
  "FileDataset of rows",
  () => FileDataset.configure({ path: at("table.json"), input: ["b", "a"], target: "y" }),
);

Deno.test("FileDataset: scale, shape, arrays as targets", async () => {
  const dataset = await FileDataset.configure({ path: at("all.npz"), ...named, shape: [6, 1], scale: 0.5 });
  assert.deepEqual(dataset(1).input, new NDArray("float32", [6, 1], [3, 3.5, 4, 4.5, 5, 5.5]));
  const copies = await FileDataset.configure({ path: at("all.npz"), input: "x", target: "x" });
  assert.ok((copies(4).target as NDArray).equals(part(images, 4, 5).reshape([2, 3])));
  const numbers = await FileDataset.configure({ path: at("all.npz"), ...named, classes: null });
  assert.deepEqual(numbers.description.target, { shape: [], dtype: "float32" });
  const table = await FileDataset.configure({ path: at("table.json"), target: "y" });
  assert.deepEqual([table.classes, table(0).target, [...table(0).input.data]], [["p", "q"], 1, [1, 2]]);
});

Deno.test("FileDataset: says what is wrong", async () => {
  await write(root, { "wrong.npy": npz({ x: images }), "cut.npz": npz({ x: images, y: labels }).slice(0, 400) });
  const wrong: [object, RegExp][] = [
    [{ path: at("no.npz"), ...named }, /^Error: Cannot read ".*no.npz": there is no such file/],
    [{ path: at("no*.npz"), ...named }, /^RangeError: Cannot read ".*no\*.npz": no file fits this pattern; look into/],
    [{ path: at("wrong.npy"), ...named }, /^SyntaxError: Cannot read "wrong.npy" as .npy: it is a file of zip/],
    [{ path: at("cut.npz"), ...named }, /^SyntaxError: Cannot read ".*cut.npz" as zip: /],
    [
      { path: at("all.npz"), input: "xs", target: "y" },
      /^RangeError: Cannot find the array "xs" in ".*all.npz": did you mean "x"\?/,
    ],
    [
      { path: at("all.npz"), input: "x", target: "z" },
      /^RangeError: Cannot find the array "z" in ".*all.npz": did you mean/,
    ],
    [
      { path: at("three.npz"), target: "y" },
      /^TypeError: Cannot use ".*": nothing says which of its arrays to take; .* known are "x", "y", "z"/,
    ],
    [
      { path: at("all.npz"), input: ["x", "y"], target: "y" },
      /^TypeError: Cannot use ".*": several names stand for columns of a table; give the name of one/,
    ],
    [
      { path: at("all.npz"), input: "x" },
      /^RangeError: Cannot find the array "target" in ".*all.npz": known are "x", "y"/,
    ],
    [{ path: at("x.npy"), target: "y" }, /^TypeError: Cannot use ".*": it holds one array, the input; set targetPath/],
    [
      { path: at("x1.npz"), targetPath: at("y.npy") },
      /^RangeError: Cannot use ".*": there are 2 inputs and 5 targets; give one for each/,
    ],
    [{ path: at("all.npz"), ...named, classes: 2 }, /^RangeError: Cannot take target 2 of item 1 as one of 2 classes/],
    [
      { path: at("value.json"), ...named },
      /^RangeError: Cannot find the array "x" in ".*value.json": known are "rate"/,
    ],
    [
      { path: at("value.json"), target: "y" },
      /^TypeError: Cannot read ".*value.json" in blocks: it holds a record of "rate"; rows/,
    ],
    [
      { path: at("{x1,all}.npz"), input: "only", target: "only" },
      /^RangeError: Cannot find the array "only" in ".*all.npz"/,
    ],
  ];
  for (const [options, message] of wrong) await assert.rejects(FileDataset.configure(options as never), message);
  const mixed = { path: at("{x,y}.npy"), targetPath: at("y.npy") };
  await assert.rejects(
    FileDataset.configure(mixed),
    /^TypeError: Cannot use the input of ".*": item 5 is int64 \[\], those before it are uint8 \[2, 3\]/,
  );
});

Deno.test("FileDataset: its digest is of what the files hold", async () => {
  const digest = async (options: object) => await (await FileDataset.configure(options as never)).digest();
  const own = await digest(ways["an npz"]!);
  await write(root, { "elsewhere/copy.npz": await Deno.readFile(at("all.npz")) });
  assert.equal(await digest({ path: at("elsewhere/copy.npz"), ...named, memory: 1 }), own);
  assert.notEqual(await digest({ path: at("all.npz"), ...named, scale: 2 }), own);
  const changed = images.clone();
  changed.data[7] = 99;
  await write(root, { "elsewhere/copy.npz": npz({ x: changed, y: labels, other: new NDArray("int8", [2]) }) });
  assert.notEqual(await digest({ path: at("elsewhere/copy.npz"), ...named }), own, "same path and size, other content");
});

Deno.test("FileDataset: what was made ready survives that its file goes", async () => {
  await write(root, { "passing.npz": npz({ x: images, y: labels }) });
  const dataset = await FileDataset.configure({ path: at("passing.npz"), ...named, memory: 0 });
  await Deno.remove(at("passing.npz"));
  assert.ok((await dataset.gather([0, 1, 2, 3, 4])).input.equals(images));
});

Deno.test("FileDataset of TFRecords: examples with lists of one number, of numbers, of bytes", async () => {
  const codec = await codecFor("a.tfrecords");
  const bytes = (text: string) => [new NDArray("uint8", [text.length], new TextEncoder().encode(text))];
  const examples = ["cat", "dog", "cat"].map((name, i) => ({
    image: bytes(`abc${i}`),
    floats: new NDArray("float32", [3], [i, i + 1, i + 2]),
    label: new NDArray("int64", [1], [BigInt(i)]),
    name: bytes(name),
  }));
  await write(root, {
    "records/1.tfrecords": await codec.stringify(examples.slice(0, 2)),
    "records/2.tfrecords": await codec.stringify(examples.slice(2)),
  });
  const make = (options: object) =>
    FileDataset.configure({ path: at("records/*.tfrecords"), input: "floats", target: "label", ...options } as never);
  const numbers = await make({});
  assert.deepEqual(numbers.description, {
    input: { shape: [3], dtype: "float32" },
    target: { shape: [], dtype: "int32", classes: 3 },
  });
  assert.deepEqual([...(await numbers.gather([2, 0])).target.data], [2, 0]);
  const names = await make({ target: "name", input: "image", shape: [2, 2] });
  assert.deepEqual(names.classes, ["cat", "dog"]);
  assert.deepEqual(names(2), { input: new NDArray("uint8", [2, 2], new TextEncoder().encode("abc2")), target: 0 });
  const joined = await make({ input: ["label", "floats"] });
  assert.deepEqual([...joined(1).input.data], [1, 1, 2, 3]);
});

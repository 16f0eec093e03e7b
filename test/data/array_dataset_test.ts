import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ArrayDataset } from "../../src/data/array_dataset.ts";
import { stringify } from "../../src/codec/npz.ts";
import { Configuration } from "../../src/module/configuration.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { removeAtEnd } from "../remove_at_end.ts";
import { testDataset } from "./dataset_contract.ts";

const images = new NDArray("uint8", [4, 2, 3], Uint8Array.from({ length: 24 }, (_, i) => i));
const labels = new NDArray("int64", [4], [0n, 2n, 1n, 2n]);
const rates = new NDArray("float32", [4, 2], [0, 1, 2, 3, 4, 5, 6, 7]);
const folder = await Deno.makeTempDir();
const path = join(folder, "images.npz");
await Deno.writeFile(path, stringify({ x: images, y: labels }));
globalThis.addEventListener("unload", () => removeAtEnd(folder));

const none = () => new ArrayDataset({ input: new NDArray("float32", [0, 2]), target: [] });
testDataset("ArrayDataset of classes", () => new ArrayDataset({ input: images, target: labels, scale: 0.5 }), none);
testDataset("ArrayDataset of arrays", () => new ArrayDataset({ input: images, target: rates }));
testDataset("ArrayDataset of wide rows", () => {
  const input = new NDArray("float64", [3, 40], Float64Array.from({ length: 120 }, (_, i) => i));
  return new ArrayDataset({ input, target: [0.5, 1, 2] });
});
testDataset("ArrayDataset of bigints", () => new ArrayDataset({ input: labels, target: [1, 0, 1, 0] }));
testDataset("ArrayDataset of a file", () => ArrayDataset.configure({ path, input: "x", target: "y", classes: 5 }));

Deno.test("ArrayDataset: whole numbers are classes, as int32", () => {
  const described = (target: NDArray | number[], classes?: number) =>
    new ArrayDataset({ input: images, target, classes }).description.target;
  assert.deepEqual(described(labels), { shape: [], dtype: "int32", classes: 3 });
  assert.deepEqual(described([0, 1, 0, 1]), { shape: [], dtype: "int32", classes: 2 });
  assert.deepEqual(described([0, 1, 0, 1], 10), { shape: [], dtype: "int32", classes: 10 });
  assert.deepEqual(described(new NDArray("float32", [4], [0, 1, 0, 3]), 4), { shape: [], dtype: "int32", classes: 4 });
  assert.deepEqual(described([-1, 1, 1, -1]), { shape: [], dtype: "int32" });
  assert.deepEqual(described([0, 0.5, 1, 1]), { shape: [], dtype: "float32" });
  assert.deepEqual(described(rates), { shape: [2], dtype: "float32" });
});

Deno.test("ArrayDataset: scale makes float32 of the input", () => {
  const dataset = new ArrayDataset({ input: images, target: labels, scale: 1 / 23 });
  assert.equal(dataset.get(3).input.dtype, "float32");
  assert.equal(dataset.get(3).input.data[5], 1);
  assert.equal(dataset.get(3).target, 2);
});

Deno.test("ArrayDataset: the arrays of items are their own, whether they lie in one buffer or not", () => {
  const large = new NDArray("float64", [3, 2 ** 18], Float64Array.from({ length: 3 * 2 ** 18 }, (_, i) => i));
  for (const [input, order] of [[images, [3, 0, 3]], [large, [2, 0, 2]]] as const) {
    const dataset = new ArrayDataset({ input, target: input }), wanted = order.map((i) => dataset.get(i));
    const items = dataset.items(order),
      [first, ...rest] = items.flatMap(({ input, target }) => [input, target as NDArray]);
    assert.ok(items.every((item, n) => item.input.equals(wanted[n]!.input) && wanted[n]!.input.equals(item.target)));
    first!.data.fill(0 as never);
    assert.ok(rest.every((array, n) => array.equals(wanted[n + 1 >> 1]!.input)), "nobody else's");
    assert.ok(dataset.get(order[0]).input.equals(wanted[0]!.input), "nor the data set's");
  }
});

Deno.test("ArrayDataset: arrays given in code stand in the configuration by their digest", () => {
  const dataset = new ArrayDataset({ input: images, target: [0, 1, 0, 1] });
  const data = dataset.configuration.toJSON() as { input: { sha256: string } };
  assert.match(data.input.sha256, /^[0-9a-f]{64}$/);
  assert.deepEqual({ ...data.input, sha256: "" }, { dtype: "uint8", shape: [4, 2, 3], sha256: "" });
  assert.deepEqual(data, new ArrayDataset({ input: images.clone(), target: [0, 1, 0, 1] }).configuration.toJSON());
  const other = new ArrayDataset({ input: images, target: [0, 1, 0, 0] });
  assert.deepEqual(other.configuration.compare(dataset.configuration).map((d) => d.path), ["target.sha256"]);
});

Deno.test("ArrayDataset: arrays survive a configuration that they are written in", () => {
  const data = new Configuration({ input: images, target: labels }).toJSON();
  assert.deepEqual(new ArrayDataset(data as never).get(1), new ArrayDataset({ input: images, target: labels }).get(1));
});

Deno.test("ArrayDataset: an array of another process is asked for", () => {
  const input = { dtype: "uint8", shape: [4, 2, 3], sha256: "0".repeat(64) } as const;
  assert.throws(
    () => new ArrayDataset({ input, target: labels }),
    /^TypeError: .*input: the array uint8 \[4,2,3\] of sha256 000000000000\.\.\. was given in code .*; give it again/,
  );
});

Deno.test("ArrayDataset: a file is read when it is made ready, from a URL too", async () => {
  const dataset = new ArrayDataset({ path: pathToFileURL(path).href, input: "x", target: "y" });
  assert.throws(
    () => dataset.size,
    /^Error: Cannot use ArrayDataset: ".*images.npz" is not read yet; await its prepare/,
  );
  assert.deepEqual(dataset.configuration.toJSON(), { path: pathToFileURL(path).href, input: "x", target: "y" });
  await dataset.prepare();
  assert.equal(dataset.size, 4);
});

Deno.test("ArrayDataset: says what is wrong with a file", async () => {
  const configure = (options: object) => ArrayDataset.configure({ path, input: "x", target: "y", ...options });
  await assert.rejects(
    configure({ input: "xs" }),
    /^RangeError: Cannot find the array "xs" in ".*": did you mean "x"\?/,
  );
  await assert.rejects(
    configure({ path: join(folder, "no.npz") }),
    /^Error: Cannot read ".*no.npz": .*; check the path/,
  );
  await Deno.writeTextFile(join(folder, "other.mat"), "what Matlab writes");
  await assert.rejects(configure({ path: join(folder, "other.mat") }), /^TypeError: .*unknown extension ".mat"/);
  await Deno.writeTextFile(join(folder, "table.json"), '[{ "x": 1, "y": "a" }, { "x": 2, "y": "b" }]');
  await assert.rejects(
    configure({ path: join(folder, "table.json") }),
    /^TypeError: Cannot use "y" in ".*table.json" as an array: it has texts, or gaps; take a RowDataset/,
  );
  await assert.rejects(
    configure({ path: "https://me:hidden@example.org/x.npz" }),
    (error: Error) =>
      /path: the address holds a password and would be recorded/.test(error.message) &&
      !error.message.includes("hidden"),
  );
});

Deno.test("ArrayDataset: joins the files of a pattern, and takes the numbers of a table", async () => {
  for (const i of [0, 1]) {
    await Deno.writeFile(join(folder, `shard-${i}.npz`), stringify({ x: images, y: labels }));
  }
  const dataset = await ArrayDataset.configure({ path: join(folder, "shard-*.npz"), input: "x", target: "y" });
  assert.equal(dataset.size, 8);
  assert.deepEqual(dataset.gather([5]), { ...dataset.gather([1]), index: Uint32Array.of(5) });
  await Deno.writeFile(join(folder, "shard-2.npz"), stringify({ x: rates, y: labels }));
  await assert.rejects(
    ArrayDataset.configure({ path: join(folder, "shard-*.npz"), input: "x", target: "y" }),
    /^TypeError: Cannot join the files of .*: ".*shard-0.npz" has the arrays "x" of items of uint8 \[2, 3\], .* ".*shard-2.npz" has/,
  );
  await Deno.writeTextFile(join(folder, "numbers.json"), '[{ "x": 1, "y": 0 }, { "x": 2, "y": 1 }]');
  const table = await ArrayDataset.configure({ path: join(folder, "numbers.json"), input: "x", target: "y" });
  assert.deepEqual(table.description.input, { shape: [], dtype: "int32" });
});

Deno.test("ArrayDataset: says what is wrong with its options", () => {
  const wrong: [object, RegExp][] = [
    [
      { input: images, target: [1, 2] },
      /^RangeError: .*\[4,2,3\] and target \[2\]; give both the same first dimension/,
    ],
    [{ input: new NDArray("float32", []), target: [1] }, /^RangeError: .*input has shape \[\]/],
    [{ input: images, target: labels, classes: 2 }, /^RangeError: .*target 2 of item 1 as one of 2 classes/],
    [{ input: images, target: rates, classes: 2 }, /^RangeError: .*shape \[4,2\] as classes/],
    [{ input: images, target: new NDArray("int64", [4], [0n, 2n ** 40n, 0n, 0n]) }, /^RangeError: .*as int32/],
    [{ input: "x", target: "y" }, /^TypeError: .*input: "x" names an array in a file; give its path too/s],
    [{ path, input: images, target: "y" }, /^TypeError: .*input: an array is given beside the path/],
    [{ input: images }, /^TypeError: .*target: expected an NDArray, .* found nothing/],
    [{ input: images, target: ["a"] }, /^TypeError: .*found a list of other things/],
    [{ input: images, target: labels, scal: 2 }, /^TypeError: .*unknown key "scal"; did you mean "scale"\?/],
  ];
  for (const [options, message] of wrong) assert.throws(() => new ArrayDataset(options as never), message);
});

Deno.test("ArrayDataset: takes nested lists, and refuses ragged ones", () => {
  const xor = new ArrayDataset({ input: [[0, 0], [0, 1], [1, 0], [1, 1.5]], target: [0, 1, 1, 0] });
  assert.deepEqual(xor.description.input, { shape: [2], dtype: "float32" });
  assert.deepEqual([...xor(3).input.data], [1, 1.5]);
  for (const input of [[[1, 2], [3]], [[1], 2], [1, [2]], [["a"]], [[[1]], [[1, 2]], [[]]]]) {
    assert.throws(() => new ArrayDataset({ input: input as never, target: [0, 1] }), /lists of unequal length/);
  }
});

import assert from "node:assert/strict";
import "../../src/codec/codecs.ts";
import { crc32c, maskedCrc32c } from "../../src/codec/crc32c.ts";
import { blocks, parse, readColumns, tfrecord } from "../../src/codec/tfrecord.ts";
import { type ByteSource, openFile, sourceOf } from "../../src/module/byte_source.ts";
import { arrayTypes, type DType, NDArray } from "../../src/module/ndarray.ts";
import { State } from "../../src/module/state.ts";
import { equalValues, type Value } from "../../src/module/value.ts";
import { runPython } from "../python.ts";
import { inFolder } from "./temporary.ts";

const dtypes = Object.keys(arrayTypes) as DType[];
const f32 = (...values: number[]) => new NDArray("float32", [values.length], values);
const i64 = (...values: bigint[]) => new NDArray("int64", [values.length], values);
const u8 = (...values: number[]) => new NDArray("uint8", [values.length], values);
const text = (text: string) => u8(...new TextEncoder().encode(text));
const integers = [0n, 1n, -1n, 127n, 128n, 2n ** 31n, 2n ** 32n, 2n ** 35n - 1n, 2n ** 63n - 1n, -(2n ** 63n)];
const rows: Value[] = [
  { int: i64(...integers), float: f32(NaN, Infinity, -Infinity, -0, 1e-45), bytes: [text("ab"), u8(), u8(255)] },
  { int: i64(5n), float: f32(0.5), bytes: [text("é字🎉")] },
  { int: i64(), float: f32(), bytes: [] },
  { nothing: null, "é字🎉": i64(1n), "": f32(1) },
  {},
];

const withTensorflow = `
import sys, struct, math, numpy as np, tensorflow as tf
folder = sys.argv[1]
F, I, B = tf.train.FloatList, tf.train.Int64List, tf.train.BytesList
feature, example = tf.train.Feature, lambda f: tf.train.Example(features=tf.train.Features(feature=f))
integers = [0, 1, -1, 127, 128, 2**31, 2**32, 2**35 - 1, 2**63 - 1, -2**63]
rows = [
  {"int": feature(int64_list=I(value=integers)), "bytes": feature(bytes_list=B(value=[b"ab", b"", b"\\xff"])),
   "float": feature(float_list=F(value=[math.nan, math.inf, -math.inf, -0.0, 1e-45]))},
  {"int": feature(int64_list=I(value=[5])), "float": feature(float_list=F(value=[0.5])),
   "bytes": feature(bytes_list=B(value=["é字🎉".encode()]))},
  {"int": feature(int64_list=I()), "float": feature(float_list=F()), "bytes": feature(bytes_list=B())},
  {"nothing": feature(), "é字🎉": feature(int64_list=I(value=[1])), "": feature(float_list=F(value=[1]))},
  {},
]
def write(name, records):
  with tf.io.TFRecordWriter(f"{folder}/{name}.tfrecord") as file:
    for record in records: file.write(record)
write("rows", [example(row).SerializeToString() for row in rows])
write("raw", [b"not an Example", b"", bytes(range(256))])
write("none", [])
def tag(n, b): return bytes([n << 3 | 2, len(b)]) + b
unpacked = tag(1, tag(1, tag(1, b"i") + tag(2, tag(3, b"\\x08\\x05\\x08\\xff" + b"\\xff" * 8 + b"\\x01"))) +
                  tag(1, tag(1, b"f") + tag(2, tag(2, b"\\x0d" + struct.pack("<f", 0.5) + b"\\x0d" + struct.pack("<f", 2)))))
assert tf.train.Example.FromString(unpacked).features.feature["i"].int64_list.value == [5, -1]
write("unpacked", [unpacked])

# what we wrote
ours = [tf.train.Example.FromString(r.numpy()) for r in tf.data.TFRecordDataset(f"{folder}/ours.tfrecord")]
same = lambda a, b: str(a) == str(b) # NaN equals itself there
assert len(ours) == len(rows) and all(same(a, example(b)) for a, b in zip(ours, rows)), ours
assert [r.numpy() for r in tf.data.TFRecordDataset(f"{folder}/our raw.tfrecord")] == [b"\\x01\\x02", b""]
spec = {k: tf.io.FixedLenFeature([], tf.string) for k in ["name", "dtype", "data"]}
spec["shape"] = tf.io.FixedLenSequenceFeature([], tf.int64, allow_missing=True)
arrays = {}
for record in tf.data.TFRecordDataset(f"{folder}/arrays.tfrecord"):
  x = tf.io.parse_single_example(record, spec)
  dtype = tf.as_dtype(x["dtype"].numpy().decode())
  lacking = dtype in (tf.uint32, tf.uint64) # decode_raw lacks these two
  raw = np.frombuffer(x["data"].numpy(), dtype.name) if lacking else tf.io.decode_raw(x["data"], dtype)
  arrays[x["name"].numpy().decode()] = tf.reshape(raw, x["shape"])
assert len(arrays) == 13
for name in "bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64".split():
  assert arrays[name].dtype.name == name and arrays[name].numpy().tolist() == [[1, 0], [0, 1]], arrays[name]
assert arrays["é字🎉"].shape == () and arrays["é字🎉"].numpy() == 3
big = tf.io.parse_single_example(next(iter(tf.data.TFRecordDataset(f"{folder}/big.tfrecords"))), spec)
assert big["shape"].numpy().tolist() == [5000, 5000] and (tf.io.decode_raw(big["data"], tf.float32) == 0.5).numpy().all()
write("changed", [example({"name": feature(bytes_list=B(value=[b"w"])), "dtype": feature(bytes_list=B(value=[b"float32"])),
  "shape": feature(int64_list=I(value=[2, 1])), "data": feature(bytes_list=B(value=[np.array([1, 2], "<f4").tobytes()]))})
  .SerializeToString()])
print("fine")
`;

Deno.test("tfrecord: both ways with TensorFlow", () =>
  inFolder(async (folder, path) => {
    const square = dtypes.map((dtype) => {
      const isWide = dtype === "int64" || dtype === "uint64";
      return [dtype, new NDArray(dtype, [2, 2], isWide ? [1n, 0n, 0n, 1n] : [1, 0, 0, 1])];
    });
    const arrays = { ...Object.fromEntries(square), "é字🎉": new NDArray("int32", [], [3]) };
    const big = { kernel: new NDArray("float32", [5000, 5000], new Float32Array(25e6).fill(0.5)) };
    await Deno.writeFile(path("ours.tfrecord"), tfrecord.stringify(rows));
    await Deno.writeFile(path("our raw.tfrecord"), tfrecord.stringify([u8(1, 2), u8()]));
    await Deno.writeFile(path("arrays.tfrecord"), tfrecord.stringify(arrays));
    await Deno.writeFile(path("big.tfrecords"), tfrecord.stringify(big));
    assert.equal(await runPython(withTensorflow, folder), "fine\n");

    const read = async (name: string) => parse(await Deno.readFile(path(name)));
    const same = (found: Value, value: Value) => assert.ok(equalValues(found, value), Deno.inspect(found));
    same(await read("rows.tfrecord"), rows);
    same(await read("raw.tfrecord"), [text("not an Example"), u8(), u8(...Array(256).keys())]);
    same(await read("none.tfrecord"), []);
    same(await read("unpacked.tfrecord"), [{ i: i64(5n, -1n), f: f32(0.5, 2) }]);
    // TensorFlow writes features in its own order, and ours are still arrays
    same(await read("changed.tfrecord"), { w: new NDArray("float32", [2, 1], [1, 2]) });
    same(await read("big.tfrecords"), big);
  }));

Deno.test("tfrecord: rows and records come back as they were", () => {
  assert.ok(equalValues(parse(tfrecord.stringify(rows)), rows));
  const records = [u8(1, 2, 3), u8(), u8(0)];
  assert.ok(equalValues(parse(tfrecord.stringify(records)), records));
  assert.deepEqual(parse(tfrecord.stringify([])), []);
  const polluting = [JSON.parse('{"__proto__": null, "constructor": null}')];
  assert.deepEqual(Object.keys((parse(tfrecord.stringify(polluting)) as object[])[0]!), ["__proto__", "constructor"]);
});

Deno.test("tfrecord: plain cells are lists of one, and bytes are text when asked for", () => {
  const bytes = tfrecord.stringify([{
    name: "é",
    names: ["a", "b"],
    n: 3,
    big: -5n,
    half: 0.5,
    yes: true,
    data: u8(1),
  }]);
  const half = { n: i64(3n), big: i64(-5n), half: f32(0.5), yes: i64(1n) };
  assert.ok(equalValues(parse(bytes), [{ name: [text("é")], names: [text("a"), text("b")], ...half, data: [u8(1)] }]));
  const named = { name: ["é"], names: [text("a"), text("b")], ...half, data: [u8(1)] };
  assert.ok(equalValues(parse(bytes, { text: ["name"] }), [named]));
  assert.deepEqual((parse(bytes, { text: true }) as Record<string, Value>[])[0]!.data, ["\x01"]);
});

Deno.test("tfrecord: says what a feature can't hold", () => {
  const refuses = (cell: unknown, message: RegExp) =>
    assert.throws(() => tfrecord.stringify([{}, { x: cell }]), (error: Error) => {
      return error instanceof TypeError && message.test(error.message) && error.message.includes('"x" in row 1 is ');
    });
  refuses(0.1, /0.1, which a float32 holds inexactly: round it/);
  refuses(2n ** 63n, /over 64 bits/);
  refuses(new Date(0), /a Date/);
  refuses({ y: 1 }, /an Object/);
  refuses(undefined, /undefined/);
  refuses([1], /a list with a number/);
  refuses(new NDArray("float64", [1], [0.1]), /an NDArray of float64: convert it/);
  refuses(new NDArray("float32", [1, 1], [1]), /of shape \[1,1\]: .* reshape it/);
  assert.throws(() => tfrecord.stringify([{}, 1]), /^TypeError: .*a list with a number; it holds records/);
});

const all = async (source: ByteSource, options = {}) => {
  const found: Value[][] = [];
  for await (const block of blocks(source, options)) found.push(block);
  return found;
};

Deno.test("tfrecord: blocks of rows, whatever lies across the chunks that are read", async () => {
  const long = (i: number) => new NDArray("uint8", [700_000], new Uint8Array(700_000).fill(i));
  const many = Array.from({ length: 40 }, (_, i) => ({ i: i64(BigInt(i)), data: [long(i)] }));
  const bytes = tfrecord.stringify(many);
  const found = await all(sourceOf(bytes), { rows: 7 });
  assert.deepEqual(found.map(({ length }) => length), [7, 7, 7, 7, 7, 5]);
  assert.ok(equalValues(found.flat(), many));
  assert.deepEqual((await all(sourceOf(bytes))).map(({ length }) => length), [12, 12, 12, 4]);
  const huge = tfrecord.stringify([u8(1), new NDArray("uint8", [20_000_000]), u8(2)]);
  assert.deepEqual((await all(sourceOf(huge), { rows: 1 })).map(([x]) => (x as NDArray).size), [1, 20_000_000, 1]);
  assert.deepEqual(await all(sourceOf(new Uint8Array())), []);
  await assert.rejects(all(sourceOf(huge), { rows: 0 }), /^RangeError: Cannot read blocks of 0 rows/);
  const mixed = tfrecord.stringify([u8(), u8(1)]); // the first is an empty Example, too
  await assert.rejects(all(sourceOf(mixed)), /^SyntaxError: .*the record at byte 16 is no tf.train.Example/);
  for (const cut of [5, 14, bytes.length - 1]) {
    await assert.rejects(all(sourceOf(bytes.subarray(0, cut))), /^SyntaxError: Cannot read tfrecord: /);
  }
});

Deno.test("tfrecord: arrays one by one, and a State there and back", () =>
  inFolder(async (_, path) => {
    const state = new State({
      step: 3,
      net: new State({ kernel: f32(1, 2), bias: new NDArray("float64", [], [NaN]) }),
    });
    await state.write(path("state.tfrecords"));
    assert.ok((await State.read(path("state.tfrecords"))).equals(state));
    const source = await openFile(path("state.tfrecords"));
    const archive = await tfrecord.open!(source);
    assert.ok((await archive.read("net.kernel")).equals(f32(1, 2)));
    await assert.rejects(archive.read("no"), /it has no array "no"/);
    await source.close();
  }));

Deno.test("tfrecord: columns, of the shapes that all rows have", async () => {
  const same = (found: unknown, value: unknown) => assert.ok(equalValues(found, value), Deno.inspect(found));
  const images = Array.from({ length: 3 }, (_, i) => ({
    image: u8(i, i + 1),
    label: BigInt(i),
    pair: i64(-1n, BigInt(i)),
    half: f32(i, NaN),
    name: "x".repeat(i),
    ragged: f32(...Array(i).fill(1)),
    ...(i === 1 ? { some: 1 } : {}),
  }));
  const source = sourceOf(tfrecord.stringify(images));
  const columns = await readColumns(source, { text: ["name"] });
  same(columns, {
    image: new NDArray("uint8", [3, 2], [0, 1, 1, 2, 2, 3]),
    label: i64(0n, 1n, 2n),
    pair: new NDArray("int64", [3, 2], [-1n, 0n, -1n, 1n, -1n, 2n]),
    half: new NDArray("float32", [3, 2], [0, NaN, 1, NaN, 2, NaN]),
    name: ["", "x", "xx"],
    ragged: [f32(), f32(1), f32(1, 1)],
    some: [null, i64(1n), null],
  });
  same(await readColumns(source, { only: ["label"] }), { label: i64(0n, 1n, 2n) });
  same((await readColumns(source)).name, [u8(), text("x"), text("xx")]);
  const extremes = await readColumns(sourceOf(tfrecord.stringify(integers.map((x) => ({ x })))));
  same(extremes, { x: i64(...integers) });
  same(await readColumns(sourceOf(tfrecord.stringify([{ a: [u8(1), u8()] }, { a: [] }]))), { a: [[u8(1), u8()], []] });
  same(await readColumns(sourceOf(new Uint8Array())), {});

  const archive = await tfrecord.open!(source);
  assert.deepEqual(archive.names, ["image", "label", "pair", "half", "name", "ragged"]);
  same(await archive.read("label"), i64(0n, 1n, 2n));
  await assert.rejects(archive.read("ragged"), /^RangeError: .*"ragged" has not equally many values/);
  const kinds = sourceOf(tfrecord.stringify([{ x: 1 }, { x: 0.5 }]));
  await assert.rejects(readColumns(kinds), /^SyntaxError: .*"x" is int64 at first and float32 in row 1/);
  const records = sourceOf(tfrecord.stringify([u8(1)]));
  await assert.rejects(readColumns(records), /^SyntaxError: .*the record at byte 0 is no tf.train.Example/);
  await assert.rejects(tfrecord.open!(records), /no tf.train.Example/);
});

Deno.test("tfrecord: lengths and checksums that lie", async () => {
  const bytes = tfrecord.stringify([u8(1, 2, 3), u8(4)]), view = new DataView(bytes.buffer);
  const refuses = async (message: RegExp) => {
    assert.throws(() => parse(bytes), (error: Error) => error instanceof SyntaxError && message.test(error.message));
    await assert.rejects(all(sourceOf(bytes)), message);
  };
  bytes[13]! ^= 1;
  await refuses(/the checksum of the record at byte 0 differs/);
  bytes[13]! ^= 1;
  bytes[0]! ^= 1;
  await refuses(/the checksum of the length at byte 0 differs/);
  for (const length of [2n ** 63n, 2n ** 40n, 2n ** 32n + 3n, 100n]) {
    view.setBigUint64(0, length, true);
    view.setUint32(8, maskedCrc32c(bytes, 0, 8), true);
    await refuses(/the record at byte 0 should end at byte \d+, found 36/);
  }
});

Deno.test("tfrecord: what is nearly an Example is bytes", () => {
  const good = (tfrecord.stringify([{ a: i64(1n) }])).subarray(12, -4);
  const kinds = new Set<string>();
  for (let at = 0; at < good.length; at++) {
    for (let value = 0; value < 256; value++) {
      const record = Uint8Array.from(good);
      record[at] = value;
      const read = parse(tfrecord.stringify([new NDArray("uint8", [record.length], record)])) as Value[];
      kinds.add(read[0] instanceof NDArray ? "bytes" : "row");
      assert.equal(read.length, 1);
    }
  }
  assert.deepEqual([...kinds].sort(), ["bytes", "row"]);
});

Deno.test("crc32c: the published check values, and any part of bytes", () => {
  const ascii = (text: string) => new TextEncoder().encode(text);
  assert.equal(crc32c(ascii("123456789")), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa); // RFC 3720, B.4
  assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assert.equal(crc32c(ascii("xx123456789xx"), 2, 11), 0xe3069283);
  assert.equal(crc32c(new Uint8Array()), 0);
});

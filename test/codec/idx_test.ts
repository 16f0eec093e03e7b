import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { codecFor } from "../../src/codec/codecs.ts";
import { gzip, parse as unzip } from "../../src/codec/gzip.ts";
import { idx, parse, stringify } from "../../src/codec/idx.ts";
import { npy } from "../../src/codec/npy.ts";
import { openFile, sourceOf } from "../../src/module/byte_source.ts";
import { readValue, writeValue } from "../../src/module/file.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { equalValues } from "../../src/module/value.ts";
import { runPython } from "../python.ts";
import { inFolder } from "./temporary.ts";

const images = new NDArray("uint8", [2, 2, 2], [0, 1, 2, 3, 4, 5, 254, 255]);

Deno.test("idx: byte for byte as the format's page describes it", () => {
  assert.deepEqual([...stringify(images)], [
    0,
    0,
    8,
    3,
    0,
    0,
    0,
    2,
    0,
    0,
    0,
    2,
    0,
    0,
    0,
    2,
    0,
    1,
    2,
    3,
    4,
    5,
    254,
    255,
  ]);
  const ints = Uint8Array.of(0, 0, 12, 1, 0, 0, 0, 2, 1, 2, 3, 4, 255, 255, 255, 255);
  assert.ok(parse(ints).equals(new NDArray("int32", [2], [0x01020304, -1])));
  assert.ok(parse(Uint8Array.of(0, 0, 14, 0, 0x40, 9, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18)).data[0] === Math.PI);
});

const program = `
import gzip, sys, numpy as np, struct
folder = sys.argv[1]
codes = {"uint8": 8, "int8": 9, "int16": 11, "int32": 12, "float32": 13, "float64": 14}
for name, code in codes.items():
  a = np.array([[1, 0, 100], [2, 3, 4]]).astype(name)
  raw = bytes([0, 0, code, 2]) + struct.pack(">II", 2, 3) + a.astype(a.dtype.newbyteorder(">")).tobytes()
  open(f"{folder}/{name}-idx2", "wb").write(raw)
  assert open(f"{folder}/{name}.idx", "rb").read() == raw, name
with gzip.open(f"{folder}/train-images-idx3-ubyte.gz", "wb") as file:
  file.write(struct.pack(">IIII", 2051, 3, 28, 28) + bytes(range(256)) * 9 + bytes(48))
raw = gzip.open(f"{folder}/ours.idx.gz").read()
assert struct.unpack(">IIII", raw[:16]) == (2051, 2, 2, 2) and raw[16:] == bytes([0, 1, 2, 3, 4, 5, 254, 255])
with gzip.open(f"{folder}/data.json.gz", "wb") as file: file.write(b'{"a": [1]}')
print("fine")
`;

Deno.test("idx: both ways with numpy and gzip, recognised by content", () =>
  inFolder(async (folder, path) => {
    const dtypes = ["uint8", "int8", "int16", "int32", "float32", "float64"] as const;
    const array = (dtype: typeof dtypes[number]) => new NDArray(dtype, [2, 3], [1, 0, 100, 2, 3, 4]);
    for (const dtype of dtypes) await writeValue(path(`${dtype}.idx`), array(dtype));
    await writeValue(path("ours.idx.gz"), images);
    assert.equal(await runPython(program, folder), "fine\n");
    for (const dtype of dtypes) assert.ok(array(dtype).equals(await readValue(path(`${dtype}-idx2`))));
    const read = await readValue(path("train-images-idx3-ubyte.gz")) as NDArray;
    assert.deepEqual([read.dtype, [...read.shape], read.data[255], read.data[256]], ["uint8", [3, 28, 28], 255, 0]);
    assert.ok(images.equals(await readValue(path("ours.idx.gz"))));
    // by the name that gzip kept
    assert.deepEqual(await readValue(path("data.json.gz")), { a: [1] });
  }));

Deno.test("idx: files are named as they like", () =>
  inFolder(async (_, path) => {
    for (const name of ["train-images-idx3-ubyte", "t10k-images.idx3-ubyte"]) {
      await Deno.writeFile(path(name), stringify(images));
      const source = await openFile(path(name));
      assert.equal(await codecFor(path(name), await source.read(0, 512)), idx);
      await source.close();
      assert.ok(images.equals(await readValue(path(name))));
    }
  }));

Deno.test("idx: blocks along the first dimension", async () => {
  const array = new NDArray("int16", [5, 2], [1, -2, 3, 4, 5, 6, 7, 8, 9, 300]);
  const found: NDArray[] = [];
  for await (const block of idx.blocks!(sourceOf(stringify(array)), { rows: 2 })) found.push(block as NDArray);
  const parts = [new NDArray("int16", [2, 2], [1, -2, 3, 4]), new NDArray("int16", [2, 2], [5, 6, 7, 8])];
  assert.ok(equalValues(found, [...parts, new NDArray("int16", [1, 2], [9, 300])]));
});

Deno.test("idx: headers that lie", () => {
  const bad = [
    [[], /does not begin/],
    [[0, 0, 8], /does not begin/],
    [[0, 0, 10, 1, 0, 0, 0, 0], /does not begin/],
    [[1, 0, 8, 1, 0, 0, 0, 0], /does not begin/],
    [[0, 0, 8, 2, 0, 0, 0, 1], /header should end at byte 12, found 8/],
    [[0, 0, 8, 1, 255, 255, 255, 255, 1], /takes 4294967295 bytes, found 1/],
    [[0, 0, 14, 2, 255, 255, 255, 255, 255, 255, 255, 255], /takes .* found 0/],
    [[0, 0, 8, 1, 0, 0, 0, 1, 1, 2], /takes 1 bytes, found 2/],
    [[0, 0, 8, 255, ...Array(255 * 4).fill(0)], /damaged/],
  ] as const;
  for (const [bytes, message] of bad) {
    assert.throws(() => parse(Uint8Array.from(bytes)), (error: Error) => {
      return error instanceof SyntaxError && message.test(error.message) &&
        error.message.startsWith("Cannot read idx: ");
    });
  }
});

Deno.test("gzip: any format inside; a bomb is refused, and what can't be told", async () => {
  const array = new NDArray("float64", [3], [1, 2, NaN]);
  assert.ok(array.equals(await unzip(gzipSync(npy.stringify(array)))));
  const bomb = gzipSync(npy.stringify(new NDArray("uint8", [50_000_000])));
  assert.ok(bomb.length < 100_000);
  await assert.rejects(
    unzip(bomb, { maxBytes: 1_000_000 }),
    /^RangeError: Cannot read gzip: it unpacks to more than 1000000/,
  );
  await assert.rejects(unzip(gzipSync("text")), /^SyntaxError: .*tells no format that is known/);
  await assert.rejects(unzip(gzipSync(gzipSync(stringify(images)))), /tells no format/);
  await assert.rejects(unzip(gzipSync(stringify(images)).subarray(0, -9)), /^SyntaxError: Cannot read gzip: /);
  await assert.rejects(async () => await gzip.stringify({ a: 1 }), /^TypeError: Cannot write idx: found an Object/);
  const bytes = await gzip.stringify(images);
  assert.deepEqual(await gzip.stringify(images), bytes);
});

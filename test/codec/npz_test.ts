import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { zipSync } from "fflate";
import { stringify as npyBytes } from "../../src/codec/npy.ts";
import { npz, parse, stringify } from "../../src/codec/npz.ts";
import { sourceOf } from "../../src/module/byte_source.ts";
import { NDArray } from "../../src/module/ndarray.ts";

const array = new NDArray("float32", [3], [1, 2, 3]);
const zeros = npyBytes(new NDArray("uint8", [1_000_000]));

/** Overwrites a number in each header of a zip, local and central, found by its signature. */
function forge(bytes: Uint8Array, local: number, central: number, value: number): Uint8Array {
  const forged = Buffer.from(bytes);
  forged.writeUInt32LE(value, forged.indexOf("PK\x03\x04") + local);
  forged.writeUInt32LE(value, forged.indexOf("PK\x01\x02") + central);
  return forged;
}

Deno.test("npz: a stored zip of .npy files, the same bytes every time", () => {
  const bytes = Buffer.from(stringify({ w: array }));
  const inner = npyBytes(array);
  assert.equal(bytes.readUInt32LE(0), 0x04034b50);
  assert.equal(bytes.readUInt16LE(8), 0, "stored");
  assert.equal(bytes.readUInt32LE(10), 0x00210000, "1980-01-01");
  assert.deepEqual([bytes.readUInt32LE(18), bytes.readUInt32LE(22)], [inner.length, inner.length]);
  assert.equal(bytes.toString("latin1", 30, 35), "w.npy");
  assert.deepEqual(new Uint8Array(bytes.subarray(35, 35 + inner.length)), inner);
});

Deno.test("npz: reads compressed files, and a comment at the end", () => {
  const read = parse(zipSync({ "layer/w.npy": npyBytes(array) }, { level: 9, comment: "by hand" }));
  assert.ok(read["layer/w"]!.equals(array));
});

Deno.test("npz: a bomb is refused before it is unpacked", () => {
  const bomb = zipSync({ "a.npy": zeros, "b.npy": zeros }, { level: 9 });
  assert.ok(bomb.length < 5000);
  assert.throws(() => parse(bomb, { maxBytes: 1_500_000 }), /^RangeError: .*unpacks to more than 1500000/);
  assert.equal(Object.keys(parse(bomb, { maxBytes: 2_100_000 })).length, 2);
});

// What such files cost in memory is measured by hostile_test.ts, in a process of its own.
Deno.test("npz: declared sizes that lie are found", () => {
  const bytes = zipSync({ "a.npy": zeros }, { level: 9 });
  assert.throws(() => parse(forge(bytes, 22, 24, 2_000_000_000)), /declares 2000000000 bytes, too many/);
  assert.throws(() => parse(forge(bytes, 22, 24, 500)), /"a.npy" is damaged/);
  assert.throws(() => parse(forge(bytes, 22, 24, zeros.length + 1)), /declares 1000129 bytes, found 1000128/);
  assert.throws(() => parse(forge(bytes, 18, 20, 2_000_000_000)), /reaches past the end/);
});

Deno.test("npz: a flipped bit is found by its checksum", () => {
  const bytes = stringify({ w: array });
  bytes[35 + 128 + 2]! ^= 1;
  assert.throws(() => parse(bytes), /^SyntaxError: .*"w.npy" is damaged: its checksum differs/);
});

Deno.test("npz: refuses names that are repeated or lead out of the archive", () => {
  const twice = Buffer.from(zipSync({ "a.npy": npyBytes(array), "b.npy": npyBytes(array) }));
  twice.write("a", twice.lastIndexOf("b.npy"));
  assert.throws(() => parse(twice), /"a.npy" is in it twice/);
  for (const name of ["../x", "a/../../x", "/etc/x", "C:x", "a\\..\\x", "./x"]) {
    assert.throws(() => npz.stringify({ [name]: array }), /^TypeError: .*leads out of the archive/);
    assert.throws(() => parse(zipSync({ [`${name}/w.npy`]: npyBytes(array) })), /leads out of the archive/);
  }
});

Deno.test("npz: refuses other files, encryption and other methods", () => {
  assert.throws(() => parse(zipSync({ "readme.txt": new Uint8Array(1) })), /"readme.txt", which is not/);
  assert.throws(
    () => parse(zipSync({ "a.npy": new Uint8Array(20) })),
    /"a.npy" can't be read: the file does not begin as a .npy file; .*, or name the others in "only"/,
  );
  const bytes = stringify({ w: array });
  assert.throws(() => parse(forge(bytes, 6, 8, 1)), /encrypted/);
  assert.throws(() => parse(forge(bytes, 8, 10, 12)), /packed by method 12/);
  assert.throws(() => npz.stringify({ w: 1 }), /^TypeError: Cannot write npz: "w" is a number; .*\.json/);
});

/** A stored archive of one file whose numbers stand in zip64's fields, as they must in one of over 4 GiB. */
function zip64(name: string, data: Uint8Array): Buffer {
  const stored = Buffer.from(zipSync({ [name]: data }, { level: 0 }));
  const start = stored.indexOf("PK\x01\x02"), end = stored.indexOf("PK\x05\x06");
  const entry = stored.subarray(start, end), head = Buffer.from(entry.subarray(0, 46 + name.length));
  head.fill(255, 20, 28); // both sizes
  head.fill(255, 42, 46); // where it stands
  head.writeUInt16LE(28, 30);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(data.length), 4);
  extra.writeBigUInt64LE(BigInt(data.length), 12);
  const record = Buffer.alloc(56), locator = Buffer.alloc(20), last = Buffer.from(stored.subarray(end));
  record.write("PK\x06\x06", 0, "latin1");
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(1n, 24);
  record.writeBigUInt64LE(1n, 32);
  record.writeBigUInt64LE(BigInt(head.length + 28), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  locator.write("PK\x06\x07", 0, "latin1");
  locator.writeBigUInt64LE(BigInt(start + head.length + 28), 8);
  locator.writeUInt32LE(1, 16);
  last.fill(255, 8, 20); // counts, length and place of the directory
  return Buffer.concat([stored.subarray(0, start), head, extra, record, locator, last]);
}

Deno.test("npz: zip64, and what lies in it", async () => {
  const bytes = zip64("w.npy", npyBytes(array));
  assert.ok(parse(bytes).w!.equals(array));
  assert.ok((await (await npz.open!(sourceOf(bytes))).read("w")).equals(array));
  const end = bytes.indexOf("PK\x06\x06"), extra = end - 24;
  const lying = (at: number, value: bigint) => {
    const copy = Buffer.from(bytes);
    copy.writeBigUInt64LE(value, at);
    return copy;
  };
  assert.throws(() => parse(lying(end + 48, 2n ** 60n)), /zip64 end record is damaged/);
  assert.throws(() => parse(lying(end + 40, 2n ** 60n)), /zip64 end record is damaged/);
  assert.throws(() => parse(lying(end + 32, 2n ** 60n)), /zip64 end record is damaged/);
  assert.throws(() => parse(lying(end + 56 + 8, 2n ** 60n)), /zip64 end record is damaged/);
  assert.throws(() => parse(lying(extra, 2n ** 60n)), /RangeError: .*unpacks to more than/);
  assert.throws(() => parse(lying(extra, 2n ** 30n)), /declares 1073741824 bytes, too many/);
  assert.throws(() => parse(lying(extra + 8, 2n ** 60n)), /reaches past the end/);
  assert.throws(() => parse(lying(extra + 16, 2n ** 60n)), /has no valid header/);
});

Deno.test("npz: folders are passed over, other archives told as what they are", async () => {
  const small = new NDArray("int8", [1], [5]), bytes = npyBytes(small);
  const archive = zipSync({ "sub/": new Uint8Array(), "sub/a.npy": bytes });
  assert.ok(small.equals(parse(archive)["sub/a"]));
  const opened = await npz.open!(sourceOf(archive));
  assert.deepEqual(opened.names, ["sub/a"]);
  for (
    const [files, message] of [
      [{ "config.json": bytes, "model.weights.h5": bytes }, /model of Keras: write its weights by save_weights/],
      [{ "model/data.pkl": bytes, "model/data/0": bytes }, /file of PyTorch: save its tensors as .safetensors/],
      [{ "readme.txt": bytes }, /"readme.txt", which is not a .npy file; save NDArrays with numpy.savez/],
    ] as const
  ) assert.throws(() => parse(zipSync(files)), message);
});

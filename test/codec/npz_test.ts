import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { zipSync } from "fflate";
import { stringify as npyBytes } from "../../src/codec/npy.ts";
import { npz, parse, stringify } from "../../src/codec/npz.ts";
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

Deno.test("npz: declared sizes that lie cost nothing", () => {
  const bytes = zipSync({ "a.npy": zeros }, { level: 9 });
  const before = Deno.memoryUsage().rss;
  assert.throws(() => parse(forge(bytes, 22, 24, 2_000_000_000)), /declares 2000000000 bytes, too many/);
  assert.throws(() => parse(forge(bytes, 22, 24, 500)), /"a.npy" is damaged/);
  assert.throws(() => parse(forge(bytes, 22, 24, zeros.length + 1)), /declares 1000129 bytes, found 1000128/);
  assert.throws(() => parse(forge(bytes, 18, 20, 2_000_000_000)), /reaches past the end/);
  assert.ok(Deno.memoryUsage().rss - before < 200e6);
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
  assert.throws(() => parse(zipSync({ "a.npy": new Uint8Array(20) })), /"a.npy" is not readable: Cannot read npy/);
  const bytes = stringify({ w: array });
  assert.throws(() => parse(forge(bytes, 6, 8, 1)), /encrypted/);
  assert.throws(() => parse(forge(bytes, 8, 10, 12)), /packed by method 12/);
  assert.throws(() => npz.stringify({ w: 1 }), /^TypeError: Cannot write npz: "w" is a number; .*\.json/);
});

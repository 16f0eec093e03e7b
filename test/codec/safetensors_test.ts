import assert from "node:assert/strict";
import { parse, safetensors, stringify } from "../../src/codec/safetensors.ts";
import { sourceOf } from "../../src/module/byte_source.ts";
import { NDArray } from "../../src/module/ndarray.ts";

/** A file as the format's specification describes it. */
function file(header: unknown, data: readonly number[], length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
const u8 = (begin: number, end: number) => ({ dtype: "U8", shape: [end - begin], data_offsets: [begin, end] });

Deno.test("safetensors: writes byte for byte what the reference implementation writes", () => {
  const header =
    '{"b":{"dtype":"I32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}';
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  const arrays = { a: new NDArray("uint8", [1], [7]), b: new NDArray("int32", [2], [1, -1]) };
  assert.deepEqual(stringify(arrays), file(padded, [1, 0, 0, 0, 255, 255, 255, 255, 7]));
});

Deno.test("safetensors: every array is aligned in the file, whatever the order given", () => {
  const arrays = { z: new NDArray("bool", [3]), y: new NDArray("float64", [1]), x: new NDArray("float16", [1]) };
  const bytes = stringify(arrays);
  const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  assert.equal(start % 8, 0);
  for (const [name, { data }] of Object.entries(arrays)) {
    assert.equal((start + header[name].data_offsets[0]) % data.BYTES_PER_ELEMENT, 0);
  }
  assert.deepEqual(stringify(Object.fromEntries(Object.entries(arrays).reverse())), bytes);
});

Deno.test("safetensors: reads unaligned data, metadata and BF16", () => {
  const read = parse(file({
    __metadata__: { format: "pt" },
    odd: u8(0, 1),
    half: { dtype: "BF16", shape: [3], data_offsets: [1, 7] },
    wide: { dtype: "F32", shape: [], data_offsets: [7, 11] },
  }, [9, 0x80, 0x3f, 0xc0, 0xff, 0x00, 0x80, 0, 0, 0x40, 0xc0]));
  assert.deepEqual(Object.keys(read), ["odd", "half", "wide"]);
  assert.deepEqual([...read.half!.data], [1, NaN, -0]);
  assert.deepEqual(
    new Uint32Array(read.half!.bytes.slice().buffer),
    new Uint32Array([0x3f800000, 0xffc00000, 0x80000000]),
  );
  assert.equal(read.wide!.data[0], -3);
});

Deno.test("safetensors: refuses what lies", () => {
  const one = { dtype: "U8", shape: [1], data_offsets: [0, 1] };
  const bad: Uint8Array[] = [
    file({}, [], 2n ** 63n),
    file({}, [], 3n),
    file({ a: one }, []),
    file({ a: one }, [1, 2]),
    file({ a: u8(0, 2), b: u8(1, 3) }, [1, 2, 3]),
    file({ a: u8(0, 1), b: u8(2, 3) }, [1, 2, 3]),
    file({ a: u8(1, 2) }, [1, 2]),
    file({ a: { ...one, shape: [2] } }, [1]),
    file({ a: { ...one, shape: [2 ** 53, 2 ** 53] } }, [1]),
    file({ a: { ...one, shape: [-1] } }, [1]),
    file({ a: { ...one, shape: [1.5] } }, [1]),
    file({ a: { ...one, data_offsets: [1, 0] } }, [1]),
    file({ a: { ...one, data_offsets: [0] } }, [1]),
    file({ a: { ...one, data_offsets: ["0", "1"] } }, [1]),
    file({ a: { ...one, dtype: "F8_E4M3" } }, [1]),
    file({ a: { ...one, dtype: "toString" } }, [1]),
    file({ a: null }, []),
    file([], []),
    file(" {}", []),
    file('{"a":', []),
    file("", []),
  ];
  for (const [i, bytes] of bad.entries()) {
    assert.throws(() => parse(bytes), /^SyntaxError: Cannot read safetensors: /, `file ${i}`);
  }
});

Deno.test("safetensors: of a file with a type that is not known, the others are read by name", async () => {
  const odd = { dtype: "F8_E4M3", shape: [3], data_offsets: [0, 3] };
  const bytes = file({ odd, good: { dtype: "U8", shape: [2], data_offsets: [3, 5] } }, [1, 2, 3, 4, 5]);
  const expected = /^SyntaxError: .*"odd" is of type F8_E4M3; known are .* name the others in "only"$/;
  assert.throws(() => parse(bytes), expected);
  await assert.rejects(async () => await safetensors.read!(sourceOf(bytes)), expected);
  const archive = await safetensors.open!(sourceOf(bytes));
  assert.deepEqual([...(await archive.read("good")).data], [4, 5]);
  await assert.rejects(archive.read("odd"), expected);
  archive.close();
  const blocks = safetensors.blocks!(sourceOf(bytes), { only: ["good"], rows: 1 });
  assert.deepEqual((await Array.fromAsync(blocks)).length, 2);
  await assert.rejects(Array.fromAsync(safetensors.blocks!(sourceOf(bytes), { only: ["odd"] })), expected);
});

Deno.test("safetensors: refuses to write its reserved name and other values", () => {
  assert.throws(() => stringify({ __metadata__: new NDArray("int8", []) }), /^TypeError: .*reserved/);
  assert.throws(() => safetensors.stringify({ w: [1, 2] }), /^TypeError: Cannot write safetensors: "w" is an Array/);
});

Deno.test("safetensors: 100 MB there and back", () => {
  const arrays = { w: new NDArray("float32", [25_000_000]) };
  (arrays.w.data as Float32Array)[24_999_999] = 7;
  const read = parse(stringify(arrays));
  assert.deepEqual([read.w!.size, read.w!.data[24_999_999]], [25_000_000, 7]);
});

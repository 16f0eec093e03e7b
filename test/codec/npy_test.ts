import assert from "node:assert/strict";
import { npy, parse, stringify } from "../../src/codec/npy.ts";
import { NDArray } from "../../src/module/ndarray.ts";

/** A file as the format's specification describes it. */
function file(header: string, data: readonly number[], version = 1): Uint8Array {
  const text = [...new TextEncoder().encode(header)];
  const length = [text.length & 255, text.length >> 8, ...(version === 1 ? [] : [0, 0])];
  return new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...length, ...text, ...data]);
}
const header = (descr: string, shape: string, fortran = "False") =>
  `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

Deno.test("npy: writes byte for byte what numpy.save writes", () => {
  const text = header("'<i2'", "(2, 2)").padEnd(117) + "\n";
  const expected = file(text, [1, 0, 2, 0, 3, 0, 0xff, 0xff]);
  assert.equal(expected.length, 128 + 8);
  assert.deepEqual(stringify(new NDArray("int16", [2, 2], [1, 2, 3, -1])), expected);
});

Deno.test("npy: reads every version, order and spelling", () => {
  const expected = new NDArray("int16", [2, 3], [1, 2, 3, 4, 5, 256]);
  const rows = [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 0, 1], columns = [0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 1, 0];
  for (const version of [1, 2, 3]) assert.ok(parse(file(header("'<i2'", "(2, 3)"), rows, version)).equals(expected));
  assert.ok(parse(file(header("'>i2'", "(2, 3)", "True"), columns)).equals(expected));
  assert.ok(parse(file('{"shape":(2L, 3L),"fortran_order":False,"descr":"i2"}\n', rows)).equals(expected));
});

Deno.test("npy: reads Fortran order in three dimensions, and swaps every width", () => {
  const data = Array.from({ length: 24 }, (_, i) => i); // element (i, j, k) is i + 2j + 6k
  const read = parse(file(header("'|u1'", "(2, 3, 4)", "True"), data));
  assert.deepEqual([...read.data].slice(0, 5), [0, 6, 12, 18, 2]);
  assert.equal(parse(file(header("'>f8'", "()"), [0x40, 9, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18])).data[0], Math.PI);
  assert.equal(parse(file(header("'>u4'", "(1,)"), [1, 2, 3, 4])).data[0], 0x01020304);
  assert.equal(parse(file(header("'>f2'", "()"), [0x3c, 0])).data[0], 1);
});

Deno.test("npy: bool is 0 and 1", () => {
  for (const descr of ["'|b1'", "'?'"]) {
    const read = parse(file(header(descr, "(3,)"), [0, 1, 255]));
    assert.ok(read.equals(new NDArray("bool", [3], [0, 1, 1])));
  }
});

Deno.test("npy: refuses what an NDArray lacks, saying how to mend it", () => {
  for (
    const [descr, mend] of [
      ["'|O'", /pickled/],
      ["[('x', '<f4'), ('y', '<i4')]", /structured .* each field/],
      ["'<U5'", /strings/],
      ["'|S3'", /byte strings/],
      ["'<c8'", /complex/],
      ["'<M8[ns]'", /dates/],
      ["'<f16'", /astype/],
      ["'|V2'", /astype/],
    ] as const
  ) {
    assert.throws(() => parse(file(header(descr, "(0,)"), [])), (error: Error) => {
      assert.ok(error instanceof SyntaxError);
      assert.match(error.message, mend);
      return error.message.startsWith("Cannot read npy: ");
    });
  }
});

Deno.test("npy: refuses headers and sizes that lie", () => {
  const bad = [
    file(header("'<f8'", "(1152921504606846976,)"), []),
    file(header("'<f8'", "(4294967296, 4294967296)"), []),
    file(header("'<f8'", "(-1,)"), []),
    file(header("'|u1'", `(${"1,".repeat(65)})`), [1]),
    file(header("'|u1'", "(2,)"), [1]),
    file(header("'|u1'", "(2,)"), [1, 2, 3]),
    file("{'descr': '<f4'}", []),
    file("__import__('os')", []),
    file(header("'|u1'", "(1,)"), [1], 4),
    file(header("'|u1'", "(1,)"), [1]).with(8, 255),
  ];
  for (const bytes of bad) assert.throws(() => parse(bytes), /^SyntaxError: Cannot read npy: /);
});

Deno.test("npy: holds one array", () => {
  assert.throws(
    () => npy.stringify({ a: new NDArray("int8", [1]) }),
    /^TypeError: Cannot write npy: found an Object; .*npz/,
  );
});

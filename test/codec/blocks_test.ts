import assert from "node:assert/strict";
import { codecFor, codecs } from "../../src/codec/codecs.ts";
import { stringify as npzBytes } from "../../src/codec/npz.ts";
import { sourceOf } from "../../src/module/byte_source.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { equalValues, type Value } from "../../src/module/value.ts";
import { runPython } from "../python.ts";
import { inFolder } from "./temporary.ts";

const x = new NDArray("float32", [5, 2], [0, 1, 2, 3, 4, 5, 6, 7, NaN, 9]);
const y = new NDArray("int64", [5], [1n, 2n, 3n, 4n, 5n]);

async function blocksOf(extension: string, bytes: Uint8Array, options = {}): Promise<Value[]> {
  const codec = await codecs.get(extension)!(), found: Value[] = [];
  for await (const block of codec.blocks!(sourceOf(bytes), options)) found.push(block);
  return found;
}
const cut = (array: NDArray, from: number, to: number) => {
  const size = array.size / array.shape[0]!;
  return new NDArray(array.dtype, [to - from, ...array.shape.slice(1)], array.data.slice(from * size, to * size));
};

for (const extension of ["npz", "safetensors"]) {
  Deno.test(`blocks: .${extension} cuts arrays of equal length together`, async () => {
    const codec = await codecFor(`x.${extension}`), bytes = await codec.stringify({ x, y });
    const expected = [[0, 2], [2, 4], [4, 5]].map(([from, to]) => ({ x: cut(x, from!, to!), y: cut(y, from!, to!) }));
    assert.ok(equalValues(await blocksOf(extension, bytes, { rows: 2 }), expected));
    assert.ok(equalValues(await blocksOf(extension, bytes), [{ x, y }]));
    assert.ok(equalValues(await blocksOf(extension, bytes, { rows: 5, only: ["y"] }), [{ y }]));
    assert.deepEqual(await blocksOf(extension, await codec.stringify({ none: new NDArray("int8", [0, 3]) })), []);
    const unequal = await codec.stringify({ x, z: new NDArray("int8", [4]) });
    await assert.rejects(blocksOf(extension, unequal), /^RangeError: .*"[xz]" has . items, "[xz]" has .; only/);
    await assert.rejects(
      blocksOf(extension, await codec.stringify({ z: new NDArray("int8", []) })),
      /"z" has shape \[\]/,
    );
    for (const rows of [0, -1, 1.5, NaN]) {
      await assert.rejects(blocksOf(extension, bytes, { rows }), /^RangeError: Cannot read blocks of .* rows/);
    }
  });

  Deno.test(`open: .${extension} reads single arrays without the rest`, async () => {
    const codec = await codecFor(`x.${extension}`), source = sourceOf(await codec.stringify({ x, y }));
    let read = 0;
    const counting = {
      ...source,
      read: (from: number, to: number) => {
        read += Math.min(to, source.size) - from;
        return source.read(from, to);
      },
    };
    const large = new NDArray("uint8", [1_000_000]);
    const big = sourceOf(await codec.stringify({ x, large }));
    const archive = await codec.open!({ ...big, read: (from, to) => (read += to - from, big.read(from, to)) });
    assert.deepEqual([...archive.names].sort(), ["large", "x"]);
    assert.ok((await archive.read("x")).equals(x));
    assert.ok(read < 200_000, `${read} bytes were read`);
    await assert.rejects(archive.read("z"), /^RangeError: Cannot read .*: it has no array "z"; found are /);
    assert.ok((await (await codec.open!(counting)).read("y")).equals(y));
  });
}

Deno.test("blocks: .npy in both orders of memory", () =>
  inFolder(async (folder, path) => {
    await runPython(
      `
import sys, numpy as np
a = np.arange(30, dtype=">i4").reshape(5, 2, 3)
np.save(sys.argv[1] + "/c.npy", a)
np.save(sys.argv[1] + "/f.npy", np.asfortranarray(a))
np.savez_compressed(sys.argv[1] + "/p.npz", c=a, f=np.asfortranarray(a))`,
      folder,
    );
    const whole = new NDArray("int32", [5, 2, 3], Array.from({ length: 30 }, (_, i) => i));
    const expected = [cut(whole, 0, 3), cut(whole, 3, 5)];
    for (const name of ["c", "f"]) {
      const found = await blocksOf("npy", await Deno.readFile(path(`${name}.npy`)), { rows: 3 });
      assert.ok(equalValues(found, expected), name);
    }
    const packed = await blocksOf("npz", await Deno.readFile(path("p.npz")), { rows: 3 });
    assert.ok(equalValues(packed, expected.map((block) => ({ c: block, f: block }))));
  }));

Deno.test("blocks: a file that was changed, or lies, is an error", async () => {
  const bytes = npzBytes({ x, y });
  const damaged = Uint8Array.from(bytes);
  damaged[35 + 128 + 2]! ^= 1;
  await assert.rejects(
    blocksOf("npz", damaged, { rows: 2 }),
    /^SyntaxError: .*"x.npy" is damaged: its checksum differs/,
  );
  for (const extension of ["npy", "npz", "safetensors", "idx", "tfrecord"]) {
    const codec = await codecs.get(extension)!(), whole = await codec.stringify(codec.holds === "array" ? x : { x });
    for (let length = 1; length < whole.length; length += 7) {
      const part = whole.subarray(0, length);
      await assert.rejects(
        blocksOf(extension, part),
        /^(Syntax|Range)Error: Cannot read /,
        `${extension} cut at ${length}`,
      );
      if (codec.open === undefined) continue;
      await assert.rejects(codec.open(sourceOf(part)), /^(Syntax|Range)Error: Cannot read /);
    }
  }
});

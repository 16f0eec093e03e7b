import assert from "node:assert/strict";
import { join } from "node:path";
import "../../src/codec/codecs.ts";
import { readValue, writeValue } from "../../src/module/file.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { equalValues, type Value } from "../../src/module/value.ts";

for (const extension of ["npy", "npz", "safetensors"]) {
  Deno.test(`${extension}: arrays of 12 MB, and many small ones between them, go to a file and back`, async () => {
    const folder = await Deno.makeTempDir();
    const large = (first: number) =>
      new NDArray("float32", [3, 2 ** 20], Float32Array.from({ length: 3 * 2 ** 20 }, (_, i) => first + i));
    const small = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`s${i}`, new NDArray("int16", [i], new Int16Array(i).fill(i))]),
    );
    const value: Value = extension === "npy" ? large(1) : { a: large(1), ...small, z: large(2), note: ["é", NaN] };
    try {
      const path = join(folder, `x.${extension}`);
      await writeValue(path, value);
      assert.ok(equalValues(await readValue(path), value));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "../../src/codec/npz.ts";
import { DataReader } from "../../src/data/data_reader.ts";
import { NDArray } from "../../src/module/ndarray.ts";

Deno.test("DataReader: reads arrays and values, by path and by URL", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "a.npz"), x = new NDArray("int16", [2, 1], [1, 2]);
    await Deno.writeFile(path, stringify({ x }));
    await Deno.writeTextFile(join(folder, "a.yaml"), "rates: [0.1, 0.01]\n");
    const reader = new DataReader();
    for (const where of [path, pathToFileURL(path), pathToFileURL(path).href]) {
      assert.ok((await reader(where)).x.equals(x));
    }
    assert.deepEqual(await reader.read(join(folder, "a.yaml")), { rates: [0.1, 0.01] });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("DataReader: says what it can't read", async () => {
  const reader = new DataReader();
  await assert.rejects(reader.read("no/such.npz"), (error: Error) => {
    assert.match(error.message, /^Cannot read "no\/such.npz": .*; check the path/);
    return (error.cause as { code: string }).code === "ENOENT";
  });
  await assert.rejects(reader.read("a.mat"), /^TypeError: Cannot find a codec for "a.mat": .* known are/);
});

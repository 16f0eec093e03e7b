import assert from "node:assert/strict";
import { arrow } from "../../src/codec/arrow.ts";
import { codecFor } from "../../src/codec/codecs.ts";
import { openFile, sourceOf } from "../../src/module/byte_source.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { equalValues, type Value } from "../../src/module/value.ts";
import { runPython } from "../python.ts";

const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const makes = `
import sys, pyarrow as pa
n = 250
t = pa.table({"i": list(range(n)), "c": pa.array([f"c{k % 3}" for k in range(n)]).dictionary_encode(), "l": [[1.0, k] for k in range(n)], "n": [None, 2**62] * (n // 2)})
for c in [None, "lz4", "zstd"]:
    with pa.OSFile(f"{sys.argv[1]}/{c}.arrow", "wb") as f, pa.ipc.new_stream(f, t.schema, options=pa.ipc.IpcWriteOptions(compression=c)) as w:
        w.write_table(t, max_chunksize=100)
`;

Deno.test("arrow: a stream, as Hugging Face's datasets keep, is read as a file is, whole, in columns and in blocks", async () => {
  await runPython(makes, folder);
  const rows: Value = Array.from({ length: 250 }, (_, i) => ({
    i,
    c: `c${i % 3}`,
    l: new NDArray("float64", [2], [1, i]),
    n: i % 2 === 0 ? null : 2n ** 62n,
  }));
  for (const name of ["None", "lz4", "zstd"]) {
    const source = await openFile(`${folder}/${name}.arrow`);
    const found = await arrow.read!(source);
    assert.ok(equalValues(found, rows), `${name}: ${Deno.inspect(found)}`);
    assert.deepEqual(Object.keys(await arrow.columns!(source, { only: ["i"] })), ["i"]);
    const blocks = await Array.fromAsync(arrow.blocks!(source)) as Value[][];
    assert.deepEqual(blocks.map(({ length }) => length), [100, 100, 50]);
    assert.ok(equalValues(blocks.flat(), rows), name);
    await source.close();
  }
  const head = Deno.readFileSync(`${folder}/None.arrow`).subarray(0, 512);
  assert.equal(await codecFor("data.arrows", head), arrow);
  await assert.rejects(codecFor("data.csv", head), /it is a file of Arrow \(a stream\); name it .arrow/);
});

Deno.test("arrow: a stream that is cut off, or whose lengths lie, is an error", async () => {
  const good = Deno.readFileSync(`${folder}/None.arrow`),
    expected = /^SyntaxError: Cannot read arrow: .*; the file is damaged$/;
  for (const length of [12, 100, 1000, good.length - 100, good.length - 1, good.length - 7]) {
    await assert.rejects(async () => await arrow.read!(sourceOf(good.slice(0, length))), expected, `${length} bytes`);
  }
  const view = new DataView(good.slice().buffer), first = view.getUint32(4, true);
  for (const [at, value] of [[4, 2 ** 20], [4, first + 8], [8, first - 1], [8 + first, 0]] as const) {
    const bytes = good.slice();
    new DataView(bytes.buffer).setUint32(at, value, true);
    await assert.rejects(async () => await arrow.read!(sourceOf(bytes)), expected, `${value} at ${at}`);
  }
});

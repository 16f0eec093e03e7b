import assert from "node:assert/strict";
import { join } from "node:path";
import { codecFor } from "../../src/codec/codecs.ts";
import { DataReader } from "../../src/data/data_reader.ts";
import { FileDataset } from "../../src/data/file_dataset.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { runPython } from "../python.ts";
import { folder } from "./files.ts";

/** The same six items in every format, as Python's own libraries write them. */
const program = `
import gzip, os, struct, sys
import h5py, numpy as np, pandas as pd, pyarrow as pa, pyarrow.feather, pyarrow.parquet, tensorflow as tf
from safetensors.numpy import save_file
os.chdir(sys.argv[1])
x = (np.arange(24, dtype=np.float32) / 8).reshape(6, 4)
y = np.array([0, 2, 1, 0, 2, 1])
names = np.array(["ant", "bee", "cat"])[y]
np.savez("a.npz", x=x, y=y)
np.savez_compressed("b.npz", x=np.asfortranarray(x.astype(">f4")), y=y.astype(np.uint8))
np.save("x.npy", x); np.save("y.npy", y)
save_file({"x": x, "y": y}, "a.safetensors")
with h5py.File("a.h5", "w") as f:
    f["x"] = x
    f.create_dataset("group/y", data=y, chunks=(2,), compression="gzip")
with gzip.open("train-images-idx2-ubyte.gz", "wb") as f: f.write(struct.pack(">HBBII", 0, 13, 2, 6, 4) + x.astype(">f4").tobytes())
with open("labels.idx", "wb") as f: f.write(struct.pack(">HBBI", 0, 8, 1, 6) + y.astype(np.uint8).tobytes())
table = pd.DataFrame({f"x{i}": x[:, i] for i in range(4)} | {"y": y, "name": names})
table.to_csv("a.csv", index=False); table.to_csv("a.tsv", sep="\\t", index=False)
table.to_csv("b.csv.gz", index=False)
table.to_parquet("a.parquet"); table.to_json("a.json", orient="records")
table[:2].to_parquet("part-2.parquet"); table[2:].to_parquet("part-10.parquet")
lists = pa.table({"x": [list(row) for row in x], "y": y, "name": names}, pa.schema([("x", pa.list_(pa.float32())), ("y", pa.int64()), ("name", pa.string())]))
pa.parquet.write_table(lists, "lists.parquet")
pa.feather.write_feather(lists, "lists.feather"); pa.feather.write_feather(pa.Table.from_pandas(table), "a.arrow", compression="uncompressed")
def feature(v):
    if isinstance(v, str): return tf.train.Feature(bytes_list=tf.train.BytesList(value=[v.encode()]))
    if isinstance(v, np.ndarray): return tf.train.Feature(float_list=tf.train.FloatList(value=v))
    return tf.train.Feature(int64_list=tf.train.Int64List(value=[v]))
with tf.io.TFRecordWriter("a.tfrecords") as w:
    for i in range(6):
        w.write(tf.train.Example(features=tf.train.Features(feature={"x": feature(x[i]), "y": feature(int(y[i])), "name": feature(str(names[i]))})).SerializeToString())
`;
const root = folder();
await runPython(program, root);

const columns = ["x0", "x1", "x2", "x3"], arrays = { input: "x", target: "y" };
const files: Record<string, Record<string, unknown>> = {
  "a.npz": arrays,
  "b.npz": arrays,
  "x.npy": { targetPath: "y.npy" },
  "a.safetensors": arrays,
  "a.h5": { input: "x", target: "group/y" },
  "train-images-idx2-ubyte.gz": { targetPath: "labels.idx" },
  "a.csv": { input: columns, target: "y" },
  "a.tsv": { input: columns, target: "y" },
  "b.csv.gz": { input: columns, target: "name" },
  "a.json": { input: columns, target: "name" },
  "a.parquet": { input: columns, target: "name" },
  "part-*.parquet": { input: columns, target: "y" },
  "lists.parquet": { input: "x", target: "name" },
  "lists.feather": { input: "x", target: "y" },
  "a.arrow": { input: columns, target: "name" },
  "a.tfrecords": { input: "x", target: "name" },
};
const input = new NDArray("float32", [6, 4], Array.from({ length: 24 }, (_, i) => i / 8));

for (const [name, { targetPath, ...options }] of Object.entries(files)) {
  Deno.test(`FileDataset: ${name}, as Python writes it`, async () => {
    const dataset = await FileDataset.configure({
      path: join(root, name),
      ...(targetPath === undefined ? {} : { targetPath: join(root, targetPath as string) }),
      ...options,
    } as never);
    const batch = await dataset.gather([0, 1, 2, 3, 4, 5]), isNamed = options.target === "name";
    assert.ok(batch.input.equals(input), Deno.inspect(batch.input));
    assert.deepEqual([...batch.target.data], [0, 2, 1, 0, 2, 1]);
    assert.deepEqual(dataset.classes, isNamed ? ["ant", "bee", "cat"] : undefined);
    assert.deepEqual(dataset.description.target, { shape: [], dtype: "int32", classes: 3 });
  });
}

Deno.test("DataReader: TFRecords are rows, also when only some features are asked for", async () => {
  const rows = await new DataReader().read(join(root, "a.tfrecords"), { only: ["y"] });
  assert.deepEqual(rows.length, 6);
  assert.deepEqual(rows[1], { y: new NDArray("int64", [1], [2n]) });
});

Deno.test("DataReader: tables of every format are the same columns", async () => {
  const reader = new DataReader();
  for (const name of ["a.csv", "a.tsv", "b.csv.gz", "a.parquet", "part-*.parquet", "a.arrow", "a.json"]) {
    const table = await reader.read(join(root, name), { as: "columns", only: ["x1", "name"] });
    assert.deepEqual(Object.keys(table).sort(), ["name", "x1"], name);
    assert.deepEqual([...table.x1.data], [0.125, 0.625, 1.125, 1.625, 2.125, 2.625], name);
    assert.deepEqual([...table.name], ["ant", "cat", "bee", "ant", "cat", "bee"], name);
  }
});

Deno.test("DataReader: columns are of the types that the file has, and joined as they are", async () => {
  const reader = new DataReader(), folder = await Deno.makeTempDir();
  const parquet = await codecFor("x.parquet");
  const write = async (name: string, x: NDArray, text: string[]) =>
    await Deno.writeFile(join(folder, name), await parquet.stringify({ x, text } as never));
  await write("1.parquet", new NDArray("float32", [2], [0.5, NaN]), ["a", "b"]);
  await write("2.parquet", new NDArray("float32", [1], [3]), ["c"]);
  await Deno.writeTextFile(join(folder, "3.csv"), "x,text\n4,d\n");
  const { x, text } = await reader.read(join(folder, "*.parquet"), { as: "columns" });
  assert.ok(x.equals(new NDArray("float32", [3], [0.5, NaN, 3])));
  assert.deepEqual([...text], ["a", "b", "c"]);
  const mixed = await reader.read(join(folder, "*"), { as: "columns", only: ["x"] });
  assert.deepEqual(Object.keys(mixed), ["x"]);
  assert.deepEqual([...mixed.x.data], [0.5, NaN, 3, 4]);
  await assert.rejects(
    reader.read(join(folder, "*.parquet"), { as: "columns", only: ["y"] }),
    /Cannot .*"y".*"1.parquet|Cannot .*"y"/,
  );
  await Deno.remove(folder, { recursive: true });
});

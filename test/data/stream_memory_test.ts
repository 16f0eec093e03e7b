import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { codecFor, NDArray, type Value } from "../../mod.ts";
import { runPython } from "../python.ts";
import { folder } from "./files.ts";

/** Bytes that a file has here, and that a process may take that reads it: on a busy machine garbage waits longer. */
const size = 360 * 2 ** 20, most = 300 * 2 ** 20;
const root = folder(), child = fileURLToPath(new URL("stream_child.ts", import.meta.url));
const isKnown = Deno.build.os === "linux"; // where a process's greatest memory can be asked for

interface Found {
  readonly items: number;
  readonly bytes: number;
  readonly peak: number;
}

async function measure(how: string, path: string): Promise<Found> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--allow-all", child, how, path],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const found = JSON.parse(new TextDecoder().decode(stdout));
  const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
  const { size } = await Deno.stat(path);
  console.log(`${how} ${megabytes(size)}: at most ${megabytes(found.peak)}, in ${found.seconds.toFixed(1)} s`);
  return found;
}

/** An npz and a Parquet file, as numpy and pyarrow write them. */
const program = `
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
folder, n = sys.argv[1], int(sys.argv[2])
x = np.arange(n * 1024, dtype=np.uint32).view(np.float32).reshape(n, 1024)
np.savez(folder + "/a.npz", x=x, y=np.arange(n, dtype=np.int64) % 7)
flat = pa.array(np.arange(n * 64, dtype=np.float32))
columns = {f"c{i}": flat for i in range(16)}
pq.write_table(pa.table(columns), folder + "/a.parquet", use_dictionary=False, compression="none")
`;
const items = size / 4096;
const making = isKnown ? runPython(program, root, `${items}`) : undefined;
making?.catch(() => {});

Deno.test({
  name: "360 MiB of npz is streamed, and made a data set of, in less memory",
  ignore: !isKnown,
  fn: async () => {
    await making;
    const found = await measure("stream", join(root, "a.npz"));
    assert.deepEqual([found.items, found.bytes], [items, items * (4096 + 8)]);
    assert.ok(found.peak < most, `${found.peak} bytes`);
    const loaded = await measure("load", join(root, "a.npz"));
    assert.equal(loaded.items, items);
    assert.ok(loaded.peak < most, `${loaded.peak} bytes`);
  },
});

Deno.test({
  name: "360 MiB of TFRecords are streamed in less memory",
  ignore: !isKnown,
  fn: async () => {
    const path = join(root, "a.tfrecords"), codec = await codecFor(path);
    const rows = Array.from({ length: 1600 }, (_, i) => ({
      x: new NDArray("float32", [1024], new Float32Array(1024).fill(i)),
      y: new NDArray("int64", [1], [BigInt(i)]),
    }));
    const records = await codec.stringify(rows as Value);
    using file = await Deno.open(path, { write: true, create: true });
    let times = 0;
    for (; times * records.length < size; times++) {
      for (let at = 0; at < records.length;) at += await file.write(records.subarray(at));
    }
    const found = await measure("stream", path);
    assert.equal(found.items, 1600 * times);
    assert.ok(found.peak < most, `${found.peak} bytes`);
  },
});

Deno.test({
  name: "360 MiB of Parquet are streamed in less memory",
  ignore: !isKnown,
  fn: async () => {
    await making;
    const found = await measure("stream", join(root, "a.parquet"));
    assert.deepEqual([found.items, found.bytes], [items * 64, items * 64 * 16 * 8]);
    assert.ok(found.peak < most, `${found.peak} bytes`);
  },
});

if (!isKnown) console.log("SKIPPED: how much memory streaming takes; it is measured on Linux");

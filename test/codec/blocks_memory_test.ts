import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { formatHeader } from "../../src/codec/npy_header.ts";
import { npz } from "../../src/codec/npz.ts";
import { tfrecord } from "../../src/codec/tfrecord.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { runPython } from "../python.ts";
import { inFolder } from "./temporary.ts";

const child = fileURLToPath(new URL("blocks_child.ts", import.meta.url));

async function readApart(path: string, ...only: string[]): Promise<{ bytes: number; blocks: number; peak: number }> {
  const args = ["run", "--allow-all", child, path, ...only];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

const size = Number(Deno.env.get("PTUTILS_BLOCKS_MB") ?? 600) * 1e6, limit = 300e6;
const length = size / 100_000;

const shape = [length, 25000];

/** A file of a head and zeros, which take no room on the disk. */
async function sparse(path: string, head: Uint8Array): Promise<void> {
  await Deno.writeFile(path, head);
  await Deno.truncate(path, head.length + size);
}

/** The files, each of so many zeros, and how they are made. */
const files: Record<string, (path: string) => Promise<unknown>> = {
  "x.npy": async (path) => {
    const head = new Uint8Array(128).fill(0x20), text = new TextEncoder().encode(formatHeader("float32", shape));
    head.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, 118, 0, ...text]);
    head[127] = 10;
    await sparse(path, head);
  },
  "x.safetensors": async (path) => {
    const entry = { dtype: "F32", shape, data_offsets: [0, size] };
    const head = new TextEncoder().encode(`        ${JSON.stringify({ x: entry })}`);
    new DataView(head.buffer).setBigUint64(0, BigInt(head.length - 8), true);
    await sparse(path, head);
  },
  "x.idx": async (path) => {
    const head = new Uint8Array(12), view = new DataView(head.buffer);
    head.set([0, 0, 13, 2]);
    shape.forEach((length, axis) => view.setUint32(4 + 4 * axis, length));
    await sparse(path, head);
  },
  "x.npz": async (path) => {
    using file = await Deno.open(path, { write: true, create: true });
    const arrays = { x: new NDArray("float32", shape), y: new NDArray("int64", [length]) };
    for (const part of await npz.parts!(arrays)) await writeAll(file, part);
  },
  "packed.npz": (path) =>
    runPython(
      `
import sys, numpy as np
rows = int(sys.argv[2])
np.savez_compressed(sys.argv[1], x=np.zeros((rows, 25000), "f4"), y=np.arange(rows))`,
      path,
      `${length}`,
    ),
  "x.tfrecords": async (path) => {
    const row = { x: new NDArray("float32", [25000]), y: new NDArray("int64", [1]) };
    const some = tfrecord.stringify(Array(100).fill(row));
    using file = await Deno.open(path, { write: true, create: true });
    for (let i = 0; i < length / 100; i++) await writeAll(file, some);
  },
};

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at, at + 2 ** 24));
}

const canMeasure = Deno.build.os === "linux";
if (!canMeasure) {
  console.log("SKIPPED: how much memory reading in blocks takes, which is measured by Linux's /proc");
  assert.ok(!Deno.env.has("CI"), "CI measures it");
}

for (const [name, make] of Object.entries(files)) {
  Deno.test({
    name: `blocks: ${size / 1e6} MB of ${name} in under ${limit / 1e6} MB of memory`,
    ignore: !canMeasure,
    fn: () =>
      inFolder(async (_, path) => {
        await make(path(name));
        const { bytes, blocks, peak } = await readApart(path(name));
        console.log(`${name}: ${blocks} blocks, at most ${Math.round(peak / 1e6)} MB of memory`);
        assert.ok(bytes >= size && blocks > 10);
        assert.ok(peak < limit, `it took ${peak} bytes`);
      }),
  });
}

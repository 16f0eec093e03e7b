import assert from "node:assert/strict";
import { isSoftware } from "../../src/backend/webgpu/adapter.ts";
import { activeBackend, computeOn, readLater, readsInLine, resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import { gpuTest as onGpu } from "./software_adapter.ts";

/** tfjs's own backend, of which the device is a public field. */
const device = () => (tf().backend() as unknown as { device: GPUDevice }).device;

Deno.test("webgpu: a software adapter is known by its kind or its name", () => {
  const rows: [string, boolean, boolean][] = [
    ["llvmpipe (LLVM 15.0.6, 256 bits)", true, true],
    ["llvmpipe (LLVM 15.0.6, 256 bits)", false, true],
    ["SwiftShader Device (Subzero)", false, true],
    ["Microsoft Basic Render Driver", false, true],
    ["WARP", false, true],
    ["NVIDIA GeForce RTX 3060", false, false],
    ["Intel(R) UHD Graphics 620 (KBL GT2)", false, false],
    ["Apple M2", false, false],
    ["", false, false],
    ["some processor", true, true],
  ];
  for (const [description, isFallbackAdapter, expected] of rows) {
    assert.equal(isSoftware({ description, isFallbackAdapter }), expected, description);
  }
});

onGpu("auto passes a software adapter over, a name takes it", async () => {
  const { name, reasons } = await resolveBackend("auto");
  if (name !== "webgpu") {
    assert.match(reasons.join(), /webgpu was passed over: (there is no graphics|its only adapter)/);
  }
  const resolved = await resolveBackend("webgpu");
  assert.deepEqual([resolved.name, resolved.threads, resolved.reasons], ["webgpu", 0, []]);
  assert.ok(resolved.device.length > 0);
  assert.match(resolved.varies!, /order of its own/);
  assert.deepEqual([tf().getBackend(), readsInLine()], ["webgpu", false]);
});

onGpu("two backends side by side: each goes on where it began, and every tensor can be read", async () => {
  const gpu = await resolveBackend("webgpu");
  const there = tf().ones([2]);
  const wasm = await resolveBackend("wasm");
  const here = tf().ones([2]);
  assert.deepEqual([readsInLine(), readsInLine(there), readsInLine(here)], [true, false, true]);
  assert.deepEqual([...await readLater(there)], [1, 1]);
  await computeOn(gpu, () => {});
  assert.deepEqual([activeBackend(), tf().getBackend(), readsInLine()], [gpu, "webgpu", false]);
  const sum = tf().add(here, there);
  assert.deepEqual([...await readLater(sum)], [2, 2]);
  assert.equal(computeOn(wasm, () => 5), 5, "in line");
  assert.equal(tf().getBackend(), "wasm");
  tf().dispose([there, here, sum]);
});

onGpu(
  "whole numbers and truth values are transposed, five dimensions padded and turned round, as on wasm",
  async () => {
    const results: number[][][] = [];
    for (const backend of ["wasm", "webgpu"]) {
      await resolveBackend(backend);
      const count = (shape: number[]) => tf().reshape(tf().range(0, shape.reduce((a, b) => a * b)), shape);
      const computed = (shape: number[]) => tf().square(count(shape)); // on the device, not where it came from
      const made = tf().tidy(() => [
        tf().transpose(tf().cast(computed([3, 4]), "int32")),
        tf().transpose(tf().cast(tf().cast(computed([2, 3, 2]), "int32"), "float32"), [1, 2, 0]),
        tf().transpose(tf().greater(computed([2, 3, 2]), 9), [2, 0, 1]),
        tf().pad(computed([2, 2, 1, 3, 2]), [[0, 1], [1, 0], [2, 2], [0, 0], [1, 1]], 7),
        tf().reverse(computed([2, 2, 3, 1, 2]), [0, 2, -1]),
      ]);
      results.push(await Promise.all(made.map(async (tensor) => [...tensor.shape, ...await readLater(tensor)])));
      tf().dispose(made);
    }
    assert.deepEqual(results[1], results[0]);
  },
);

onGpu("memory is flat over many steps", async () => {
  const { Session, MemoryStore } = await import("../../mod.ts");
  const bytes = () => (tf().memory() as unknown as { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;
  const session = await Session.configure({
    name: "flat",
    backend: "webgpu",
    trainer: { looper: { steps: 220 } },
    dataProvider: { dataLoader: { batchSize: 20 }, datasets: { train: { Digits: { split: "train" } } } },
    dbInterface: new MemoryStore(),
  });
  const seen: number[][] = [];
  session.statistics$.subscribe(({ step }) => {
    if (step % 20 === 0) seen.push([tf().memory().numTensors, bytes()]);
  });
  await session.run();
  assert.ok(seen.length >= 11);
  // The last batch of an epoch is smaller: its buffers are kept too, once.
  assert.deepEqual(new Set(seen.slice(4).map(String)).size, 1, JSON.stringify(seen));
});

onGpu("what its device refuses is an error, not a wrong number", async () => {
  await resolveBackend("webgpu");
  const x = tf().ones([4]);
  const square = tf().square(x);
  device().createBuffer({ size: 2 ** 50, usage: GPUBufferUsage.STORAGE });
  await assert.rejects(
    readLater(square),
    /^Error: Cannot compute on webgpu: Buffer size .* maximum .*; choose another/,
  );
  assert.deepEqual([...await readLater(square)], [1, 1, 1, 1], "once it was told");
  tf().dispose([x, square]);
});

onGpu("a lost device is an error that says so, and asking again opens another", async () => {
  const first = await resolveBackend("webgpu");
  const square = tf().square(tf().tensor1d([2, 3]));
  device().destroy();
  await assert.rejects(
    readLater(square),
    /^Error: Cannot compute on webgpu: its device was lost \(destroyed: .*checkpoint/,
  );
  assert.throws(() => computeOn(first, () => {}), /its device was lost/);
  const second = await resolveBackend("webgpu");
  assert.notEqual(second, first);
  const again = tf().square(tf().tensor1d([2, 3]));
  assert.deepEqual([...await readLater(again)], [4, 9]);
});

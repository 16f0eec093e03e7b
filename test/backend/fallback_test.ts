import assert from "node:assert/strict";
import type { Backend } from "../../src/backend/backend.ts";
import { backends } from "../../src/backend/backends.ts";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { smokeTest } from "../../src/backend/smoke_test.ts";
import { loadTf } from "../../src/backend/tf.ts";
import { inTime } from "../../src/backend/time_limit.ts";
import { wasm } from "../../src/backend/wasm.ts";
import { cpu } from "../../src/backend/cpu.ts";

/** Lets backends fail for a while, each with its reason. */
async function withFailing(reasons: Readonly<Record<string, string>>, work: () => Promise<void>): Promise<void> {
  const before = backends.map(({ load }) => load);
  try {
    for (const backend of backends) {
      const reason = reasons[backend.name];
      if (reason !== undefined) (backend as { load: Backend["load"] }).load = () => Promise.reject(new Error(reason));
    }
    await work();
  } finally {
    backends.forEach((backend, i) => backend.load = before[i]!);
  }
}

Deno.test("resolveBackend: a backend that fails is passed over, and the reason is kept", async () => {
  const broken = { native: "no library", webgpu: "no adapter", wasm: "no SIMD here" };
  await withFailing({ ...broken, cpu: "no heart" }, async () => {
    const every =
      /Cannot find a backend that works: native .*no library; webgpu .*no adapter; wasm .*here; cpu .*no heart/;
    await assert.rejects(resolveBackend(), every);
  });
  await withFailing(broken, async () => {
    await assert.rejects(resolveBackend("wasm"), /wasm was passed over: no SIMD here/);
    const { name, reasons } = await resolveBackend();
    assert.equal(name, "cpu");
    assert.deepEqual(reasons, Object.entries(broken).map(([who, why]) => `${who} was passed over: ${why}`));
  });
  assert.equal((await resolveBackend("wasm")).name, "wasm", "a failure is tried again when it is asked for");
});

Deno.test("the smoke test tells wrong numbers and what is missing", async () => {
  const tf = await loadTf();
  await wasm.load(tf, { byName: true, options: {} });
  await cpu.load(tf, { byName: true, options: {} });
  await tf.setBackend("cpu");
  assert.equal(await smokeTest(tf), undefined);
  const stock = tf.getKernel("Conv2DBackpropFilter", "cpu");
  try {
    tf.unregisterKernel(stock.kernelName, "cpu");
    await assert.rejects(smokeTest(tf), /Conv2DBackpropFilter/);
    const zeros = ({ inputs, backend }: { inputs: { x: { dtype: string } }; backend: unknown }) =>
      tf.getKernel("Fill", "cpu").kernelFunc({
        inputs: {},
        attrs: { shape: [2, 2, 1, 1], value: 0, dtype: inputs.x.dtype },
        backend,
      } as never);
    tf.registerKernel({ ...stock, kernelFunc: zeros as never });
    assert.match(
      (await smokeTest(tf))!,
      /^a convolution's gradients gave .*,0,0,0,0, not 1,2,1,2,4,2,1,2,1,12,16,24,28$/,
    );
  } finally {
    tf.unregisterKernel(stock.kernelName, "cpu");
    tf.registerKernel(stock);
  }
  const { numTensors } = tf.memory();
  assert.equal(await smokeTest(tf), undefined);
  assert.equal(tf.memory().numTensors, numTensors, "nothing is left");
});

Deno.test("what gives no answer is not waited for, and what comes too late harms nothing", async () => {
  const late = Promise.withResolvers<void>();
  await assert.rejects(inTime(10, late.promise), /^Error: it gave no answer in 0\.01 s$/);
  late.reject(new Error("nobody listens"));
  assert.equal(await inTime(1000, Promise.resolve(3)), 3);
  await assert.rejects(inTime(1000, Promise.reject(new Error("at once"))), /at once/);
});

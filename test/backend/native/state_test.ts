/** What was trained on one backend goes on on the other: values move unchanged. */
import assert from "node:assert/strict";
import type { Binding } from "../../../src/backend/native/binding.ts";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { Model } from "../../../src/model/model.ts";
import "../../../src/model/optimizers.ts";
import { NDArray } from "../../../src/module/ndarray.ts";
import { nativeTest, useNative } from "./setup.ts";

const layers = [{ dense: { units: 5, activation: "relu" } }, "batchNormalization", { dense: { units: 3 } }];
const data = (length: number, seed: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7 + seed));
const batchOf = (seed: number) => ({
  input: new NDArray("float32", [8, 4], data(32, seed)),
  target: new NDArray("int32", [8], Int32Array.from({ length: 8 }, (_, i) => (i + seed) % 3)),
  size: 8,
});

async function model(optimizer: Record<string, object>): Promise<Model> {
  const made = await Model.configure({ net: { Sequential: { layers } }, optimizer, metrics: [] } as never);
  made.build({
    input: { shape: [4], dtype: "float32" },
    target: { shape: [], dtype: "int32", classes: 3 },
  } as never);
  return made as Model;
}

/** All numbers of a state, flat. */
async function numbers(of: Model): Promise<number[]> {
  const found: number[] = [];
  const walk = (value: unknown): void => {
    if (value instanceof NDArray) found.push(...value.data as Float32Array);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
  };
  walk(await of.state());
  return found;
}

const optimizers: Record<string, object>[] = [
  { Adam: {} },
  { AdamW: { weightDecay: 0.1 } },
  { Momentum: { nesterov: true } },
  { RMSProp: { momentum: 0.5 } },
  { Adagrad: {} },
];

for (const optimizer of optimizers) {
  nativeTest(
    `state moves between wasm and TensorFlow unchanged, slots included: ${Object.keys(optimizer)}`,
    async () => {
      await resolveBackend("wasm");
      const trained = await model(optimizer);
      for (let step = 0; step < 3; step++) await trained.learn(batchOf(step));
      const state = await trained.state(), before = await numbers(trained);
      const onWasm = await trained.learn(batchOf(3));

      await useNative();
      const resumed = await model(optimizer);
      await resumed.learn(batchOf(9)); // What a state finds there is gone when it is loaded.
      await resumed.loadState(state);
      assert.deepEqual(await numbers(resumed), before);
      const onNative = await resumed.learn(batchOf(3));
      assert.ok(Math.abs((onNative as { loss: number }).loss - (onWasm as { loss: number }).loss) < 1e-5);
      const after = await numbers(resumed), back = await resumed.state();

      await resolveBackend("wasm");
      const returned = await model(optimizer);
      await returned.loadState(back);
      assert.deepEqual(await numbers(returned), after);
      const same = await numbers(trained);
      after.forEach((value, i) => assert.ok(Math.abs(value - same[i]!) < 1e-4, `${value} instead of ${same[i]}`));
      for (const made of [trained, resumed, returned]) made.dispose();
    },
  );
}

nativeTest("a state loaded in the middle of a run takes effect, and changes what was saved never", async () => {
  await useNative();
  const trained = await model({ Adam: {} });
  await trained.learn(batchOf(0));
  const state = await trained.state(), saved = await numbers(trained);
  const first = await trained.learn(batchOf(1)), once = await numbers(trained);
  await trained.learn(batchOf(2));
  await trained.loadState(state);
  assert.deepEqual(await numbers(trained), saved);
  assert.deepEqual(await trained.learn(batchOf(1)), first);
  assert.deepEqual(await numbers(trained), once);
  trained.dispose();
});

nativeTest("nothing grows from step to step", async () => {
  await useNative();
  const trained = await model({ Adam: {} });
  const binding = (tf().backend() as unknown as { binding: Binding }).binding;
  const count = () => [tf().memory().numTensors, tf().memory().numDataBuffers, binding.getNumOfTensors()];
  for (let step = 0; step < 300; step++) await trained.learn(batchOf(step));
  const before = count();
  for (let step = 0; step < 300; step++) await trained.learn(batchOf(step));
  assert.deepEqual(count(), before);
  trained.dispose();
});

import { Model } from "./src/model/model.ts";
import { loadTf } from "./src/backend/tf.ts";
import { NDArray } from "./src/module/ndarray.ts";
import { Random } from "./src/module/random.ts";
import { seedTree } from "./src/module/seed.ts";
import { register } from "./src/module/registry.ts";
import { optimizers } from "./src/model/optimizers.ts";
import { criteria } from "./src/model/criteria.ts";
import { metrics } from "./src/model/metrics.ts";
import { nets } from "./src/model/nets.ts";
register(...Object.values(optimizers), ...Object.values(criteria), ...Object.values(metrics), ...Object.values(nets));
const model = await Model.configure({
  net: {
    Sequential: {
      layers: [{ dense: { units: 32, activation: "relu" } }, { dropout: { rate: 0.3 } }, { batchNormalization: {} }, {
        dense: { units: 10 },
      }],
    },
  },
  optimizer: { Adam: { learningRate: 0.002 } },
  criterion: "SparseCategoricalCrossentropy",
  metrics: ["Accuracy"],
});
seedTree(model, 7);
model.build({ input: { shape: [8, 8, 1], dtype: "float32" }, target: { shape: [], dtype: "int32", classes: 10 } });
const tf = await loadTf();
console.log(model, tf.getBackend());
const r = new Random(1);
const batch = {
  input: new NDArray("float32", [48, 8, 8, 1], Float32Array.from({ length: 48 * 64 }, () => r.uniform())),
  target: new NDArray("int32", [48], Int32Array.from({ length: 48 }, () => r.below(10))),
  size: 48,
};
for (let i = 0; i < 5; i++) console.log(model.learn(batch), tf.memory().numTensors);
console.log(await model.evaluate(batch), model.seriesNames());
for (let i = 0; i < 100; i++) model.learn(batch);
console.log(await model.evaluate(batch), tf.memory().numTensors);
const s = await model.state();
const m2 = await Model.configure(model.configuration as any);
await m2.loadState(s);
console.log(
  (await m2.state()).equals(s),
  model.learn(batch),
  m2.learn(batch),
  (await m2.state()).equals(await model.state()),
);
const t = performance.now();
for (let i = 0; i < 300; i++) model.learn(batch);
console.log((performance.now() - t) / 300);

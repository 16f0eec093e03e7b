import assert from "node:assert/strict";
import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { Digits, loadTf, Model, Module, resolveBackend, tf, Trainer } from "../../mod.ts";
import { parametersOf } from "../../src/model/net.ts";

/** A net as one writes it who knows tfjs and nothing of ours: variables in public fields. */
class Linear extends Module {
  weight: Variable = tf().variable(tf().mul(tf().ones([64, 10]), 0.01));
  bias: Variable = tf().variable(tf().zeros([10]));
  override invoke(x: Tensor): Tensor {
    return tf().add(tf().matMul(tf().reshape(x, [-1, 64]), this.weight), this.bias);
  }
}

Deno.test("a Module with tf.variables in its fields is a net: they are learnt, and are state", async () => {
  await resolveBackend();
  const net = new Linear();
  assert.deepEqual(parametersOf(net).map(([name]) => name), ["weight", "bias"]);
  const trainer = await Trainer.configure({ model: { net }, looper: { steps: 30 } });
  const history = await trainer.train(new Digits());
  assert.ok(history.last("train/loss")!.value < history.series("train/loss").y[0]!);
  const state = await trainer.model.state();
  assert.deepEqual(state.net.weight.shape, [64, 10]);
  const other = await Model.configure({ net: new Linear() });
  await other.loadState(state);
  assert.ok((await other.state()).equals(state));
});

Deno.test("a state that does not fit costs an optimizer nothing", async () => {
  await loadTf();
  const trainer = await Trainer.configure({ looper: { steps: 3 } });
  await trainer.train(new Digits());
  const before = await trainer.state(), tensors = tf().memory().numTensors;
  const wrong = before.clone();
  wrong.model.optimizer.slots = {};
  wrong.model.wrong = 1;
  await assert.rejects(trainer.loadState(wrong), /"model.wrong"/);
  assert.ok((await trainer.state()).equals(before));
  assert.equal(tf().memory().numTensors, tensors);
});

Deno.test("accuracy and cross-entropy that were not told follow the net: probabilities or logits", async () => {
  const net = (activation?: string) => ({
    Sequential: { layers: [{ dense: { units: 1, activation, inputShape: [2] } }] },
  });
  for (const [activation, expected] of [["sigmoid", false], [undefined, true]] as const) {
    const model = await Model.configure({
      net: net(activation),
      criterion: "BinaryCrossentropy",
      metrics: ["Accuracy"],
    });
    model.build({ input: { shape: [2], dtype: "float32" }, target: { shape: [1], dtype: "float32" } });
    const parts = [model.criterion, ...model.metrics] as unknown as { fromLogits: boolean }[];
    assert.deepEqual(parts.map(({ fromLogits }) => fromLogits), [expected, expected]);
    assert.deepEqual(model.status.warnings, []);
  }
});

import assert from "node:assert/strict";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import type { Criterion } from "../../src/model/criterion.ts";
import type { LayerDescription } from "../../src/model/layer_options.ts";
import { MeanSquaredError } from "../../src/model/mean_squared_error.ts";
import type { Parameter } from "../../src/model/parameter.ts";
import { Sequential } from "../../src/model/sequential.ts";
import { computeGradients, computeLoss, learntParametersOf } from "../../src/model/train_step.ts";
import { NDArray } from "../../src/module/ndarray.ts";

await resolveBackend("wasm");

const nets: Record<string, [layers: LayerDescription[], input: number[], training: boolean]> = {
  dense: [
    [{ dense: { units: 4, activation: "tanh", kernelRegularizer: { l2: 0.1 } } }, { dense: { units: 2 } }],
    [3],
    false,
  ],
  "batch normalisation": [[{ dense: { units: 4 } }, "batchNormalization", { dense: { units: 2 } }], [3], true],
  "layer normalisation": [["layerNormalization", { dense: { units: 2, activation: "sigmoid" } }], [5], false],
  lstm: [[{ lstm: { units: 2 } }], [3, 2], false],
  "bidirectional gru": [[{ bidirectional: { layer: { gru: { units: 1 } }, mergeMode: "concat" } }], [3, 2], false],
  "dense over time": [[{ timeDistributed: { layer: { dense: { units: 1 } } } }, "flatten"], [2, 3], false],
};

/** Moves one number of a parameter. */
function move(parameter: Parameter, i: number, delta: number): void {
  const { shape, data } = parameter.read() as NDArray;
  (data as Float32Array)[i]! += delta;
  parameter.write(new NDArray("float32", shape, data));
}

for (const [name, [layers, input, training]] of Object.entries(nets)) {
  Deno.test(`computeGradients: ${name}, against differences`, () => {
    const net = new Sequential({ layers });
    net.build(input);
    const criterion = new MeanSquaredError() as unknown as Criterion;
    const parameters = learntParametersOf(net);
    const length = input.reduce((a, b) => a * b, 6);
    const x = tf().tensor(Float32Array.from({ length }, (_, i) => Math.sin(i * 1.3)), [6, ...input]);
    const y = tf().tensor(Float32Array.from({ length: 12 }, (_, i) => Math.cos(i)), [6, 2]);
    const step = () => computeLoss(net, criterion, x, y, { training });
    const loss = () => tf().tidy(() => step().loss.dataSync()[0]!);
    const gradients = tf().tidy(() => {
      const found = Object.entries(computeGradients(parameters, step).gradients);
      return Object.fromEntries(found.map(([key, gradient]) => [key, gradient.dataSync().slice()]));
    });
    for (const [key, parameter] of parameters) {
      for (const i of [0, gradients[key]!.length - 1]) {
        move(parameter, i, 1e-2);
        const up = loss();
        move(parameter, i, -2e-2);
        const slope = (up - loss()) / 2e-2;
        move(parameter, i, 1e-2);
        assert.ok(
          Math.abs(slope - gradients[key]![i]!) < 2e-3,
          `${key} ${i}: ${gradients[key]![i]} instead of ${slope}`,
        );
      }
      parameter.dispose();
    }
  });
}

import assert from "node:assert/strict";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import { parametersOf } from "../../src/model/net.ts";
import { Sequential } from "../../src/model/sequential.ts";

await resolveBackend("wasm");

const rules: Record<string, [layer: unknown, error: RegExp]> = {
  "strides and holes": [
    { conv2d: { filters: 2, kernelSize: 3, strides: 2, dilationRate: [1, 2] } },
    /layers\.0\.conv2d: strides and dilationRate can't both be more than 1/,
  ],
  "causal images": [
    { conv2d: { filters: 2, kernelSize: 3, padding: "causal" } },
    /conv2d\.padding: .*"causal".*"same"/,
  ],
  "causal pooling": [{ maxPooling1d: { padding: "causal" } }, /maxPooling1d\.padding: .*"causal"/],
  "a transposed convolution with holes": [
    { conv2dTranspose: { filters: 2, kernelSize: 3, dilationRate: 2 } },
    /conv2dTranspose\.dilationRate: a transposed convolution has no dilation/,
  ],
  "an initializer that depthwise overlooks": [
    { depthwiseConv2d: { kernelSize: 2, kernelInitializer: "ones" } },
    /depthwiseConv2d.*unknown key "kernelInitializer"/,
  ],
  "state kept between batches": [{ lstm: { units: 2, stateful: true } }, /lstm.*unknown key "stateful"/],
  "noise inside": [
    { timeDistributed: { layer: { dropout: { rate: 0.5 } } } },
    /timeDistributed: dropout can't be seeded/,
  ],
  "noise further inside": [
    { timeDistributed: { layer: { bidirectional: { layer: "gaussianNoise" } } } },
    /timeDistributed\.layer\.bidirectional/,
  ],
  "backwards through no time": [
    { bidirectional: { layer: { dense: { units: 2 } } } },
    /bidirectional: dense goes through/,
  ],
  "a cell alone": [{ lstmCell: { units: 2 } }, /layers\.0\.lstmCell: a cell is a part of a recurrent layer/],
  "a cell in a wrapper": [{ timeDistributed: { layer: { gruCell: { units: 2 } } } }, /gruCell is a part of an rnn/],
  "a layer for a cell": [{ rnn: { cell: { lstm: { units: 2 } } } }, /rnn: lstm is no cell; give rnn one of/],
};

for (const [name, [layer, error]] of Object.entries(rules)) {
  Deno.test(`layers: ${name}: refused when it is configured`, () => {
    assert.throws(() => new Sequential({ layers: [layer as "dense"] }), error);
  });
}

Deno.test("layers: what may stand inside", () => {
  const layers = [
    { timeDistributed: { layer: { bidirectional: { layer: { rnn: { cell: ["gruCell", "lstmCell"] } } } } } },
    { bidirectional: { layer: { convLstm2d: { filters: 2, kernelSize: 2 } } } },
  ];
  const message = /^TypeError: Cannot configure Sequential:[^]*gruCell.units/;
  assert.throws(() => new Sequential({ layers: [layers[0]!] as never }), message);
  new Sequential({ layers: [layers[1]!] as never });
});

Deno.test("layers: one inside that isn't learnt", () => {
  const net = new Sequential({
    layers: [
      { timeDistributed: { layer: { dense: { units: 2, trainable: false } } } },
      { timeDistributed: { layer: { dense: { units: 3 } } } },
    ],
  });
  net.build([3, 4]);
  assert.deepEqual(parametersOf(net).map(([, { trainable }]) => trainable), [false, false, true, true]);
  parametersOf(net).forEach(([, parameter]) => parameter.dispose());
});

Deno.test("layers: unrolling is taken for granted", () => {
  const said: unknown[] = [], { warn } = console;
  console.warn = (...words) => said.push(...words);
  try {
    const net = new Sequential({ layers: [{ simpleRNN: { units: 2, unroll: true } }] });
    tf().tidy(() => void net(tf().ones([2, 3, 4])));
    parametersOf(net).forEach(([, parameter]) => parameter.dispose());
  } finally {
    console.warn = warn;
  }
  assert.deepEqual(said, []);
});

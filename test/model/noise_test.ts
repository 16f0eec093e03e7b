import assert from "node:assert/strict";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import { AlphaDropout } from "../../src/model/alpha_dropout.ts";
import { Dropout } from "../../src/model/dropout.ts";
import { GaussianDropout } from "../../src/model/gaussian_dropout.ts";
import { GaussianNoise } from "../../src/model/gaussian_noise.ts";
import type { NoiseLayer } from "../../src/model/noise_layer.ts";
import { SpatialDropout } from "../../src/model/spatial_dropout.ts";

await resolveBackend("wasm");
const size = 20_000;

/** What a layer makes of ones, in training. */
const ones = (layer: NoiseLayer, shape = [size / 10, 10], value = 1) =>
  tf().tidy(() => [...layer(tf().fill(shape, value), { training: true }).dataSync()]);
const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
const deviation = (values: number[], middle = mean(values)) => Math.sqrt(mean(values.map((x) => (x - middle) ** 2)));

const layers = {
  Dropout: () => new Dropout({ rate: 0.3 }),
  SpatialDropout: () => new SpatialDropout({ rate: 0.3 }),
  GaussianNoise: () => new GaussianNoise({ stddev: 0.5 }),
  GaussianDropout: () => new GaussianDropout({ rate: 0.2 }),
  AlphaDropout: () => new AlphaDropout({ rate: 0.2 }),
} as unknown as Record<string, () => NoiseLayer>;

for (const [name, make] of Object.entries(layers)) {
  Deno.test(`${name}: another draw each step, the same from the same state, none outside of training`, async () => {
    const layer = make();
    const first = ones(layer), state = await layer.state(), second = ones(layer);
    assert.notDeepEqual(first, second);
    const other = make();
    await other.loadState(state);
    assert.deepEqual(ones(other), second);
    const quiet = tf().tidy(() => [...layer(tf().ones([2, 3])).dataSync()]);
    assert.deepEqual(quiet, [1, 1, 1, 1, 1, 1]);
  });
}

Deno.test("Dropout: the share and the scale", () => {
  const values = ones(layers.Dropout!());
  assert.deepEqual(new Set(values.map((x) => x.toFixed(5))), new Set(["0.00000", (1 / 0.7).toFixed(5)]));
  assert.ok(Math.abs(values.filter((x) => x === 0).length / size - 0.3) < 0.015);
  const layer = new Dropout({ rate: 0.3 });
  layer.rate = 0;
  assert.equal(mean(ones(layer as unknown as NoiseLayer)), 1, "the rate may be set while running");
});

Deno.test("SpatialDropout: whole channels", () => {
  const values = ones(layers.SpatialDropout!(), [4, 5, 5, 8]);
  for (let item = 0; item < 4; item++) {
    for (let channel = 0; channel < 8; channel++) {
      const found = new Set(Array.from({ length: 25 }, (_, pixel) => values[(item * 25 + pixel) * 8 + channel]));
      assert.equal(found.size, 1);
    }
  }
});

Deno.test("GaussianNoise and GaussianDropout: mean and deviation", () => {
  for (const [name, wanted] of [["GaussianNoise", 0.5], ["GaussianDropout", 0.5]] as const) {
    const values = ones(layers[name]!());
    assert.ok(Math.abs(mean(values) - 1) < 0.02, name);
    assert.ok(Math.abs(deviation(values) - wanted) < 0.02, name);
  }
});

Deno.test("AlphaDropout: keeps mean and deviation of what SELU gives", () => {
  const layer = layers.AlphaDropout!();
  const values = tf().tidy(() => {
    const x = tf().randomNormal([size], 0, 1, "float32", 5);
    return [...layer(x, { training: true }).dataSync()];
  });
  assert.ok(Math.abs(mean(values)) < 0.05, `${mean(values)}`);
  assert.ok(Math.abs(deviation(values) - 1) < 0.05, `${deviation(values)}`);
});

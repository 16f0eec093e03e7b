import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { parametersOf } from "../../../src/model/net.ts";
import { Sequential } from "../../../src/model/sequential.ts";

/** Two batches of two channels, with the means (2, 30) and (4, 50), and the biased variances (1, 100) and (4, 400). */
const batches = [[[1, 20], [3, 40]], [[2, 30], [6, 70]]];

for (const backend of ["wasm", "cpu"] as const) {
  Deno.test(`batchNormalization on ${backend}: moving statistics go as in Keras`, async () => {
    await resolveBackend(backend);
    const net = new Sequential({ layers: [{ batchNormalization: { momentum: 0.9, epsilon: 0 } }] });
    await net.prepare();
    net.build([2]);
    const values = () =>
      Object.fromEntries(parametersOf(net).map(([name, { value }]) => [name.split(".").at(-1)!, value]));
    const run = (batch: number[][], training: boolean) =>
      tf().tidy(() => [...net(tf().tensor2d(batch), { training }).dataSync()].map((v) => Math.round(v * 1e3) / 1e3));
    assert.deepEqual(run(batches[0]!, true), [-1, -1, 1, 1]);
    const before = tf().memory().numTensors;
    assert.deepEqual(run(batches[1]!, true), [-1, -1, 1, 1]);
    const moving = Object.entries(values()).filter(([name]) => name.includes("moving")).map(([, value]) => value);
    // 0.9 (0.9 · 0 + 0.1 · 2) + 0.1 · 4, and so on.
    const wanted = [[0.58, 7.7], [0.9 * (0.9 + 0.1) + 0.4, 0.9 * (0.9 + 10) + 40]];
    moving.forEach((value, i) =>
      value.dataSync().forEach((v, c) => assert.ok(Math.abs(v - wanted[i]![c]!) < 1e-5 * wanted[i]![c]!))
    );
    const expected = batches[0]!.flat().map((v, i) => (v - wanted[0]![i % 2]!) / Math.sqrt(wanted[1]![i % 2]!));
    assert.deepEqual(run(batches[0]!, false), expected.map((v) => Math.round(v * 1e3) / 1e3));
    const again = values();
    run(batches[0]!, false);
    for (const [name, value] of Object.entries(values())) assert.deepEqual(value.dataSync(), again[name]!.dataSync());
    assert.equal(tf().memory().numTensors, before);
    for (const [, parameter] of parametersOf(net)) parameter.dispose();
    await resolveBackend("wasm");
  });
}

import assert from "node:assert/strict";
import type { LayerDescription } from "../../../src/model/layer_options.ts";
import { parametersOf } from "../../../src/model/net.ts";
import { Sequential } from "../../../src/model/sequential.ts";
import type { Module } from "../../../src/module/module.ts";
import { NDArray, sizeOf } from "../../../src/module/ndarray.ts";
import { seedTree } from "../../../src/module/seed.ts";
import { normal, spaced } from "../../differences.ts";
import type { Numbers } from "./array.ts";
import type { LayerCase } from "./layer_case.ts";
import { differences } from "./net_differences.ts";

const items = 2;

/** A layer's values against its reference, and its gradients against differences. @throws {Error} what is wrong */
export async function checkLayer(layer: LayerDescription, example: LayerCase): Promise<void> {
  const net = new Sequential({ layers: [layer, ...example.after ?? []] });
  seedTree(net, 3);
  await net.prepare();
  net.build(example.input);
  const output = await checkNet(net, example);
  assert.deepEqual(output.shape, [items, ...net.outputShape!]);
}

/** As {@linkcode checkLayer}, of any net that was built; gives what comes out. */
export async function checkNet(net: Module, example: Omit<LayerCase, "options">): Promise<Numbers> {
  const { input, below, evaluated, reference } = example;
  const parameters = parametersOf(net);
  for (const [i, [, parameter]] of parameters.entries()) {
    // Biases and the like begin at zero, where errors don't show.
    const values = normal(sizeOf(parameter.shape), 20 + i).map((x) => x * 0.5);
    const positive = parameter.trainable ? values : values.map((x) => Math.abs(x) + 0.5);
    parameter.write(new NDArray("float32", parameter.shape, positive));
  }
  const size = items * sizeOf(input);
  const values = below === undefined ? spaced(size, 1) : Float32Array.from({ length: size }, (_, i) => i * 7 % below);
  const x = new NDArray("float32", [items, ...input], values);
  const { output, errors } = await differences(net, x, { training: !evaluated }, below !== undefined);
  const weights = Object.fromEntries(
    await Promise.all(
      parameters.map(async ([name, parameter]) => [name.split("/").at(-1)!, await parameter.read() as NDArray]),
    ),
  );
  parameters.forEach(([, parameter]) => parameter.dispose());
  if (reference !== undefined) compare(output, reference(x as unknown as Numbers, weights));
  for (const [name, error] of Object.entries(errors)) {
    assert.ok(error < 1e-2, `the gradient of ${name} is off by a share of ${error}`);
  }
  return output;
}

function compare(found: Numbers, wanted: Numbers): void {
  assert.deepEqual(found.shape, wanted.shape);
  for (let i = 0; i < wanted.data.length; i++) {
    const [x, y] = [found.data[i]!, wanted.data[i]!];
    assert.ok(Math.abs(x - y) < 1e-4 * (1 + Math.abs(y)), `number ${i} is ${x} instead of ${y}`);
  }
}

import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import type { Module } from "../module/module.ts";
import type { Layer } from "./layer.ts";
import { parametersOf } from "./net.ts";
import { computeGradients } from "./train_step.ts";

/** What tfjs says of a gradient or a kernel that it doesn't have. */
const lacks = /gradient function not found|not registered/;

/** The first layer of a net of layers that has no gradient for this input, by its name; undefined where none is found. */
export function failingLayer(net: Module, input: Tensor): string | undefined {
  const layers = (net as unknown as { layers?: unknown }).layers;
  if (!Array.isArray(layers)) return undefined;
  const names = new Map(Object.entries(net).map(([name, field]) => [field, name]));
  let x = input;
  for (const layer of layers as Layer[]) {
    const name = names.get(layer);
    try {
      x = tf().tidy(() => learnt(layer, x));
    } catch (error) {
      return lacks.test((error as Error).message) ? name : undefined;
    }
  }
  return undefined;
}

/** A layer's output; the gradients of it are computed on the way. */
function learnt(layer: Layer, x: Tensor): Tensor {
  const run = (x: Tensor): Tensor => layer.invoke(x, { training: false });
  const total = (x: Tensor): Tensor => tf().sum(run(x));
  const parameters = parametersOf(layer).filter(([, { trainable }]) => trainable);
  tf().grad(total)(x);
  if (parameters.length > 0) computeGradients(parameters, () => ({ output: x, loss: total(x) }));
  return run(x);
}

import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { one } from "./tfjs_parts.ts";

/** Layers that mix the items of a batch: they see one time step after the other. */
const mixing = ["BatchNormalization"];

/** Runs the layer inside once, with time in the batch's dimension; tfjs runs it for each time step. */
export function improveTimeDistributed(layer: TfjsLayer): void {
  const { call } = layer, inner = layer.layer!;
  if (mixing.includes(inner.getClassName())) return;
  layer.call = (inputs, options) => {
    const x = one(inputs), [batch, time, ...item] = x.shape as [number, number, ...number[]];
    if (batch * time === 0) return call.call(layer, x, options);
    return tf().tidy(() => {
      // A mask is one of time steps, not of what the inner layer sees.
      const y = one(inner.call(tf().reshape(x, [batch * time, ...item]), { training: options.training }));
      return tf().reshape(y, [batch, time, ...y.shape.slice(1)]);
    });
  };
}

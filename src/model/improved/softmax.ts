import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { one } from "./tfjs_parts.ts";

/** Along any axis; tfjs's operation knows the last one only. */
export function improveSoftmax(layer: TfjsLayer): void {
  const { axis, call } = layer as TfjsLayer & { readonly axis: number };
  layer.call = (inputs, options) => {
    const x = one(inputs), last = x.rank - 1, at = (axis + x.rank) % x.rank;
    if (at === last || options.mask !== undefined) return call.call(layer, x, options);
    const swapped = [...x.shape.keys()].with(at, last).with(last, at);
    return tf().tidy(() => tf().transpose(tf().softmax(tf().transpose(x, swapped)), swapped));
  };
}

import type { Tensor, Tensor5D } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import { type Gradient, run } from "./gradient.ts";

/** `tf.conv3d`, with holes in its window too: as one with zeros in them. */
export const conv3d: Gradient = (tf) => {
  const stock = tf.getGradient("Conv3D");
  return {
    ...stock,
    gradFunc: (dy, saved, attrs) => {
      const rates = [attrs.dilations as number | number[]].flat();
      if (rates.every((rate) => rate === 1)) return stock.gradFunc(dy, saved, attrs);
      const [x, filter] = saved as [Tensor, Tensor], { strides, pad } = attrs;
      const each = rates.length === 1 ? [rates[0]!, rates[0]!, rates[0]!] : rates;
      const wide = withHoles(tf, filter, each);
      const common = { strides, pad };
      return {
        x: () =>
          run(tf, "Conv3DBackpropInputV2", { dy: dy as Tensor, filter: wide }, { ...common, inputShape: x.shape }),
        filter: () => {
          const attrs = { ...common, filterShape: wide.shape };
          const found = run(tf, "Conv3DBackpropFilterV2", { x, dy: dy as Tensor }, attrs);
          return tf.stridedSlice(found, [0, 0, 0, 0, 0], found.shape, [...each, 1, 1]);
        },
      };
    },
  };
};

/** Zeros between the window's places, `rate - 1` of them along each side. */
function withHoles(tf: TF, filter: Tensor, rates: readonly number[]): Tensor {
  let wide = filter;
  for (const [axis, rate] of rates.entries()) {
    if (rate === 1) continue;
    const { shape } = wide, length = shape[axis]!;
    const [outer, inner] = [shape.slice(0, axis), shape.slice(axis + 1)].map((part) => part.reduce((a, b) => a * b, 1));
    const padded = tf.pad(tf.reshape(wide, [outer!, length, 1, inner!]), [[0, 0], [0, 0], [0, rate - 1], [0, 0]]);
    const flat = tf.reshape(padded, [outer!, length * rate, inner!]);
    const size = (length - 1) * rate + 1;
    wide = tf.reshape(tf.slice(flat, [0, 0, 0], [outer!, size, inner!]), shape.with(axis, size));
  }
  return wide;
}

/** `tf.conv3dTranspose`: of a convolution's gradient the gradient is the convolution. tfjs has none. */
export const conv3dTranspose: Gradient = (tf) => ({
  kernelName: "Conv3DBackpropInputV2",
  inputsToSave: ["dy", "filter"],
  gradFunc: (gradient, [dy, filter], attrs) => {
    const strides = attrs.strides as [number, number, number], pad = attrs.pad as "same" | "valid";
    const x = gradient as Tensor;
    return {
      dy: () => tf.conv3d(x as Tensor5D, filter as Tensor5D, strides, pad),
      filter: () => run(tf, "Conv3DBackpropFilterV2", { x, dy: dy! }, { strides, pad, filterShape: filter!.shape }),
    };
  },
});

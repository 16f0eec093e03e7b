import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Machine } from "./kernel.ts";

type Attributes = Call["attrs"];

/**
 * Lends images with the channels last, whatever `attrs.dataFormat` says, as float32; and the attributes that fit them.
 * A result that is images is turned to what was asked for.
 */
export function withChannelsLast(
  machine: Machine,
  images: readonly TensorInfo[],
  attrs: Attributes,
  work: (images: TensorInfo[], attrs: Attributes) => TensorInfo,
  givesImages = true,
): TensorInfo {
  const { heap, run } = machine, first = attrs.dataFormat === "NCHW";
  const copies: TensorInfo[] = [];
  const copied = (x: TensorInfo) => (copies.push(x), x);
  try {
    const ready = images.map((image) => {
      const floats = image.dtype === "float32" ? image : copied(run("Cast", { x: image }, { dtype: "float32" }));
      return first ? copied(turned(machine, floats, [0, 2, 3, 1])) : floats;
    });
    if (!first) return work(ready, attrs);
    const result = work(ready, lastAttributes(attrs));
    if (!givesImages) return result;
    copies.push(result);
    return turned(machine, result, [0, 3, 1, 2]);
  } finally {
    copies.forEach((copy) => heap.free(copy));
  }
}

/** A copy with its axes in another order. */
function turned({ heap, run }: Machine, x: TensorInfo, perm: readonly number[]): TensorInfo {
  // tfjs's own divides by the number of elements.
  if (x.shape.includes(0)) return heap.output(perm.map((axis) => x.shape[axis]!));
  return run("Transpose", { x }, { perm });
}

function lastAttributes({ pad, inputShape, ...attrs }: Attributes): Attributes {
  const last = (list: unknown) => Array.isArray(list) ? [list[0], list[2], list[3], list[1]] : list;
  return { ...attrs, pad: last(pad), inputShape: last(inputShape), dataFormat: "NHWC" };
}

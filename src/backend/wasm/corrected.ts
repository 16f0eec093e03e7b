import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type SliceAttrs, slicePlaces } from "../slice_places.ts";
import type { Family, Kernel, Machine } from "./kernel.ts";

/** Kernels that tfjs has wrong for some shapes only. */
export const corrected: Family = (machine) => ({
  Prelu: prelu(machine),
  StridedSlice: stridedSlice(machine),
});

/** tfjs's own repeats `alpha` from the front, which is wrong unless it lies along the last dimensions. */
function prelu({ heap, run, stock }: Machine): Kernel {
  return ({ inputs: { x, alpha }, attrs }) => {
    const shape = [...new Array<number>(x.shape.length - alpha.shape.length).fill(1), ...alpha.shape];
    const reps = shape.map((length, i) => length === x.shape[i] ? 1 : x.shape[i] as number);
    if (reps.every((copies) => copies === 1)) return stock("Prelu")({ inputs: { x, alpha }, attrs });
    const whole = run("Tile", { x: { ...alpha, shape, dtype: alpha.dtype, dataId: alpha.dataId } }, { reps });
    const y = stock("Prelu")({ inputs: { x, alpha: whole }, attrs });
    heap.free(whole);
    return y;
  };
}

/** tfjs's own calls whole numbers fractions, and takes the wrong ones where strides stand beside a dropped dimension. */
function stridedSlice({ tf, heap }: Machine): Kernel {
  return ({ inputs, attrs }) => {
    const x = inputs.x as TensorInfo, { places, shape } = slicePlaces(tf, x.shape, attrs as SliceAttrs);
    const slice = heap.output(shape, x.dtype), [from, to] = [heap.floats(x), heap.floats(slice)];
    for (let i = 0; i < places.length; i++) to[i] = from[places[i]!]!;
    return slice;
  };
}

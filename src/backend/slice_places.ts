import type { TF } from "./tf.ts";

/** What the kernel `StridedSlice` is told. */
export interface SliceAttrs {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/** Where each element of a slice lies in a tensor of this shape, and the slice's shape. */
export function slicePlaces(tf: TF, shape: number[], attrs: SliceAttrs): { places: Int32Array; shape: number[] } {
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
  const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
  const slice = tf.slice_util.sliceInfo(shape, attrs.begin, attrs.end, attrs.strides, ...masks);
  let places = Int32Array.of(0);
  for (const [axis, length] of tf.slice_util.computeOutShape(slice.begin, slice.end, slice.strides).entries()) {
    const unit = shape.slice(axis + 1).reduce((size, next) => size * next, 1);
    const before = places;
    places = new Int32Array(before.length * length);
    for (let i = 0; i < places.length; i++) {
      const index = slice.begin[axis]! + (i % length) * slice.strides[axis]!;
      places[i] = before[Math.floor(i / length)]! + index * unit;
    }
  }
  return { places, shape: slice.finalShape };
}

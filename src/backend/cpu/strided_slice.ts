import { slicePlaces } from "../slice_places.ts";
import { type CpuKernel, valuesOf } from "./kernel.ts";

/** tfjs's own takes the wrong elements where strides stand beside a dimension that is dropped. */
export const stridedSlice: CpuKernel = (_stock, tf) => (call) => {
  const { x } = call.inputs, values = valuesOf(call, x);
  const { places, shape } = slicePlaces(tf, x.shape, call.attrs);
  const slice = new (values.constructor as Float32ArrayConstructor)(places.length);
  for (let i = 0; i < slice.length; i++) slice[i] = values[places[i]!]!;
  return call.backend.makeTensorInfo(shape, x.dtype, slice);
};

import type { Tensor } from "@tensorflow/tfjs-core";
import { type SliceAttrs, slicePlaces } from "../slice_places.ts";
import { type Gradient, putBack } from "./gradient.ts";

/** Elements go back to where they were, zeros between them. */
export const stridedSlice: Gradient = (tf) => ({
  kernelName: "StridedSlice",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], attrs) => ({
    x: () => {
      const { places } = slicePlaces(tf, x!.shape, attrs as unknown as SliceAttrs);
      return putBack(tf, dy as Tensor, x!.shape, tf.tensor1d(places, "int32"));
    },
  }),
});

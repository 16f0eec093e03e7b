import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Family } from "./kernel.ts";

/** Whatever isn't 0 is true. tfjs's own makes a byte of it: of 0.5 false, and of -1 a truth of 255. */
export const cast: Family = ({ heap, stock }) => ({
  Cast: (call) => {
    const x = call.inputs.x as TensorInfo;
    if (call.attrs.dtype !== "bool" || x.dtype === "bool") return stock("Cast")(call);
    const y = heap.output(x.shape, "bool"), [from, to] = [heap.floats(x), heap.floats(y)];
    for (let i = 0; i < from.length; i++) to[i] = from[i] === 0 ? 0 : 1;
    return y;
  },
});

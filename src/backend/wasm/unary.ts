import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Family } from "./kernel.ts";

/** Functions of each number by itself that tfjs computes one number at a time. */
export const unary: Family = ({ heap, native, stock }) => ({
  Tanh: (call) => {
    const x = call.inputs.x as TensorInfo;
    if (x.dtype !== "float32") return stock("Tanh")(call);
    const y = heap.output(x.shape), size = x.shape.reduce((product, length) => product * length, 1);
    heap.scratch(80, (room) => native.tanh!(heap.pointer(x), heap.pointer(y), size, room));
    return y;
  },
});

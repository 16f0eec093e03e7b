import type { Tensor } from "@tensorflow/tfjs-core";
import { readLater, readsInLine } from "../backend/resolve.ts";
import { tf } from "../backend/tf.ts";
import { NDArray } from "../module/ndarray.ts";

/** An array as a float32 tensor: what nets compute with. */
export function toFloat(array: NDArray): Tensor {
  const { data, shape } = array;
  const floats = data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>, Number);
  return tf().tensor(floats, [...shape], "float32");
}

/** A target: whole numbers as int32, others as float32. */
export function toTarget(array: NDArray): Tensor {
  if (array.dtype.startsWith("float")) return toFloat(array);
  const { data, shape } = array;
  const ints = data instanceof Int32Array ? data : Int32Array.from(data as ArrayLike<number>, Number);
  return tf().tensor(ints, [...shape], "int32");
}

/** A copy of a float32 tensor's values; a promise only where the backend can't be read in line. */
export function toArray(tensor: Tensor): NDArray | Promise<NDArray> {
  const { shape } = tensor;
  // The cpu backend hands out the very array that it computes with.
  if (readsInLine(tensor)) return new NDArray("float32", shape, (tensor.dataSync() as Float32Array).slice());
  return readLater(tensor).then((data) => new NDArray("float32", shape, (data as Float32Array).slice()));
}

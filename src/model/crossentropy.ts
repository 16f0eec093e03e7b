import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";

export { crossentropy } from "../backend/ops/crossentropy.ts";

/** How near to zero a probability may come. Keras's `backend.epsilon()`. */
const least = 1e-7;

/** The logarithm of probabilities, as logits. */
export const logOf = (probabilities: Tensor): Tensor => tf().log(tf().clipByValue(probabilities, least, 1));

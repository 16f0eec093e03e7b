import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";

/** How near to zero a probability may come. Keras's `backend.epsilon()`. */
const least = 1e-7;

/** The logarithm of probabilities, as logits. */
export const logOf = (probabilities: Tensor): Tensor => tf().log(tf().clipByValue(probabilities, least, 1));

/**
 * The mean over rows of `-Σ wanted log softmax(logits)`, where the rows of `wanted` sum to one. The greatest logit is
 * taken off first, so that no exponential overflows; the gradient is `(softmax(logits) - wanted) / rows`.
 */
export function crossentropy(logits: Tensor, wanted: Tensor): Tensor {
  const { customGrad, div, exp, log, max, mean, mul, sub, sum } = tf();
  const loss = customGrad((...args: unknown[]) => {
    const [x, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const shifted = sub(x, max(x, -1, true));
    const powers = exp(shifted);
    const total = sum(powers, -1, true);
    const rows = x.size / x.shape.at(-1)!;
    // All that the gradient needs: what isn't saved is gone when it is asked for.
    save([powers, total, wanted]);
    const value = mean(sub(log(total), sum(mul(shifted, wanted), -1, true)));
    const gradFunc = (dy: Tensor, [powers, total, wanted]: Tensor[]) =>
      mul(sub(div(powers!, total!), wanted!), div(dy, rows));
    return { value, gradFunc };
  });
  return loss(logits);
}

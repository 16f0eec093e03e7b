import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { differentiable } from "./differentiable.ts";
import { hasKernel } from "./run_kernel.ts";

/**
 * The mean over rows of `-Σ wanted log softmax(logits)`, where the rows of `wanted` sum to one. The greatest logit is
 * taken off first, so that no exponential overflows; the gradient is `(softmax(logits) - wanted) / rows`. In one go
 * where the backend has the kernel `Crossentropy` (`logits`, `wanted`; gives the mean and the gradient).
 */
export function crossentropy(logits: Tensor, wanted: Tensor): Tensor {
  const forward = hasKernel("Crossentropy") ? fused : composed;
  const [loss] = differentiable({ logits }, (save) => {
    const [loss, gradient] = forward(logits, wanted);
    save([gradient]);
    return [loss];
  }, ([dy], [gradient]) => ({ logits: () => tf().mul(gradient!, dy!) }));
  return loss!;
}

type Both = [loss: Tensor, gradient: Tensor];

const fused = (logits: Tensor, wanted: Tensor): Both =>
  tf().engine().runKernel("Crossentropy", { logits, wanted }) as unknown as Both;

function composed(logits: Tensor, wanted: Tensor): Both {
  const { div, exp, log, max, mean, mul, sub, sum } = tf();
  const shifted = sub(logits, max(logits, -1, true)), powers = exp(shifted), total = sum(powers, -1, true);
  const loss = mean(sub(log(total), sum(mul(shifted, wanted), -1, true)));
  return [loss, div(sub(div(powers, total), wanted), logits.size / logits.shape.at(-1)!)];
}

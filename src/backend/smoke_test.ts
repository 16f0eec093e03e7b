import type { Tensor } from "@tensorflow/tfjs-core";
import type { TF } from "./tf.ts";

/** What a backend gets wrong in one product of matrices and one convolution's gradients; undefined when it is right. */
export async function smokeTest(tf: TF): Promise<string | undefined> {
  // All is computed before the first wait: whatever trains meanwhile may take its own backend again.
  const results = tf.tidy(() => checks.map(({ compute }) => compute(tf)));
  try {
    for (const [i, result] of results.entries()) {
      const { what, expected } = checks[i]!;
      const numbers = `${[...await result.data()]}`;
      if (numbers !== expected) return `${what} gave ${numbers}, not ${expected}`;
    }
  } finally {
    tf.dispose(results);
  }
}

interface Check {
  readonly what: string;
  /** Whole numbers, which every backend can give exactly. */
  readonly expected: string;
  compute(tf: TF): Tensor;
}

const checks: readonly Check[] = [
  {
    what: "a product of matrices",
    expected: "19,22,43,50",
    compute: (tf) => tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]])),
  },
  {
    // Of the sum of all that a filter of ones gives: how many windows see a pixel; what each filter's number sees.
    what: "a convolution's gradients",
    expected: "1,2,1,2,4,2,1,2,1,12,16,24,28",
    compute: (tf) => {
      const image = tf.reshape(tf.range(1, 10), [1, 3, 3, 1]) as Tensor;
      const filter = tf.ones([2, 2, 1, 1]) as Tensor;
      const convolve = (x: Tensor, w: Tensor) => tf.conv2d(x as never, w as never, 1, "valid") as Tensor;
      const gradients = tf.grads((x, w) => tf.sum(convolve(x!, w!)))([image, filter]);
      return tf.concat(gradients.map((gradient) => tf.reshape(gradient, [-1])));
    },
  },
];

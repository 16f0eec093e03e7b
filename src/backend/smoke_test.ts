import type { TF } from "./tf.ts";

/** What a backend gets wrong in one small product of matrices; undefined when it is right. */
export async function smokeTest(tf: TF): Promise<string | undefined> {
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]])));
  const numbers = [...await product.data()];
  product.dispose();
  return `${numbers}` === "19,22,43,50" ? undefined : `a product of matrices gave ${numbers}, not 19,22,43,50`;
}

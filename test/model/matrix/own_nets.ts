import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import { tf } from "../../../src/backend/tf.ts";
import { Net } from "../../../src/model/net.ts";
import { Parameter } from "../../../src/model/parameter.ts";

/** What the nets below take: time steps, and numbers of each. */
export const ownInput: readonly number[] = [4, 6];

const square = () => new Parameter([6, 6]);

/** Attention of two heads, `softmax(Q Kᵀ / √size) V`. A. Vaswani et al., NIPS 2017. */
class Attention extends Net {
  query = square();
  key = square();
  value = square();

  protected project(x: Tensor, { value }: Parameter): Tensor {
    const [batch, time] = x.shape as [number, number];
    const rows = tf().matMul(tf().reshape(x, [batch * time, 6]), value as Tensor);
    return tf().reshape(rows, [batch, time, 2, 3]);
  }
}

class AttentionByMatMul extends Attention {
  override invoke(x: Tensor): Tensor {
    const { matMul, mul, reshape, softmax, transpose } = tf();
    const heads = (part: Parameter) => transpose(this.project(x, part), [0, 2, 1, 3]);
    const weights = softmax(mul(matMul(heads(this.query), heads(this.key), false, true), 1 / Math.sqrt(3)));
    return reshape(transpose(matMul(weights, heads(this.value)), [0, 2, 1, 3]), x.shape);
  }
}

class AttentionByEinsum extends Attention {
  override invoke(x: Tensor): Tensor {
    const { einsum, mul, reshape, softmax } = tf();
    const scores = einsum("bqhd,bkhd->bhqk", this.project(x, this.query), this.project(x, this.key));
    const weights = softmax(mul(scores, 1 / Math.sqrt(3)));
    return reshape(einsum("bhqk,bkhd->bqhd", weights, this.project(x, this.value)), x.shape);
  }
}

type Merging = { apply(inputs: Tensor[]): Tensor };

/** Two branches that are merged by a layer of tf.layers. */
class Merged extends Net {
  left = square();
  right = square();
  readonly #merge: () => Merging;

  constructor(merge: () => Merging) {
    super();
    this.#merge = merge;
  }

  override invoke(x: Tensor): Tensor {
    const rows = tf().reshape(x as Tensor3D, [-1, 6]);
    const [a, b] = [this.left, this.right].map(({ value }) => tf().tanh(tf().matMul(rows, value as Tensor)));
    // Well apart, for a maximum has a kink where they meet.
    return this.#merge().apply([tf().add(a!, tf().tensor1d([2, -2, 2, 2, -2, -2])), tf().mul(b!, rows)]);
  }
}

const merging = ["add", "multiply", "average", "maximum", "minimum", "concatenate"] as const;

/** Nets of one's own, made of operations of tfjs and of its merging layers. */
export const ownNets: Readonly<Record<string, () => Net>> = {
  "attention by matMul": () => new AttentionByMatMul() as unknown as Net,
  "attention by einsum": () => new AttentionByEinsum() as unknown as Net,
  ...Object.fromEntries(
    merging.map((name) => [
      `merging by ${name}`,
      () => new Merged(() => tf().layers.layers[name]() as unknown as Merging) as unknown as Net,
    ]),
  ),
  "merging by dot": () => new Merged(() => tf().layers.layers.dot({ axes: 1 }) as unknown as Merging) as unknown as Net,
};

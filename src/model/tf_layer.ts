import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { improved } from "./improved/improvements.ts";
import { isParameter } from "./parameter.ts";
import { Layer } from "./layer.ts";
import { makeLayer, type TfjsLayer, within } from "./make_layer.ts";
import type { Mode } from "./net.ts";
import { weightMaker } from "./layer_weight.ts";

const schema = z.strictObject({
  /** Its name in tf.layers: `dense`, `conv2d`, ... */
  type: z.string(),
  options: z.record(z.string(), z.unknown()).default({}),
});

/**
 * One layer of tfjs as a Module: its weights are {@linkcode Parameter}s in fields of the names that tfjs gives them
 * (`kernel`, `bias`, `gamma`, `moving_mean`, ...; those of a layer inside it with a prefix, `forward_kernel`).
 */
export class TfLayer extends Layer<typeof schema> {
  static override schema: z.ZodObject = schema;
  /** The shape of one item that it takes; `null` before its weights are made. */
  inputShape: number[] | null = null;
  readonly #penalties: (() => Tensor)[] = [];
  #layer: TfjsLayer | undefined;

  /** Makes the weights for items of this shape; their values are drawn when first used. */
  override build(inputShape: readonly number[]): void {
    const layer = this.#tfjs();
    const fields = this as unknown as Record<string, unknown>;
    for (const [prefix, part] of within(layer)) {
      const trainable = this.options.options.trainable !== false && part.trainable !== false;
      part.addWeight = weightMaker(part, trainable, (name, parameter, penalty) => {
        fields[prefix + name] = parameter;
        if (penalty !== undefined) this.#penalties.push(penalty);
      });
    }
    layer.build([null, ...inputShape]);
    layer.built = true;
    this.inputShape = [...inputShape];
  }

  /** Makes the weights that a state is about to fill. */
  override beforeLoad({ inputShape }: Readonly<Record<string, unknown>>): void {
    if (this.inputShape === null && Array.isArray(inputShape)) this.build(inputShape);
  }

  override outputShape(inputShape: readonly number[]): number[] {
    const { type, options } = this.options;
    // tfjs forgets the batch's dimension here.
    if (type === "resizing") return [options.height as number, options.width as number, inputShape.at(-1)!];
    return this.#tfjs().computeOutputShape([null, ...inputShape]).slice(1) as number[];
  }

  override invoke(x: Tensor, mode: Mode = { training: false }, mask?: Tensor): Tensor {
    const layer = this.#tfjs();
    if (this.inputShape === null) this.build(x.shape.slice(1));
    // call(), not apply(): the shapes were checked when it was built.
    return layer.call(x, { training: mode.training && !this.#frozen, ...(mask === undefined ? {} : { mask }) });
  }

  override mask(x: Tensor, mask?: Tensor): Tensor | undefined {
    return this.#tfjs().computeMask(x, mask ?? null) ?? undefined;
  }

  override penalties(): Tensor[] {
    return this.#penalties.map((penalty) => penalty());
  }

  /** Frees the weights. */
  dispose(): void {
    for (const value of Object.values(this)) if (isParameter(value)) value.dispose();
  }

  /** As in Keras, batch normalisation that isn't learnt uses its moving statistics and leaves them as they are. */
  get #frozen(): boolean {
    return this.options.type === "batchNormalization" && this.options.options.trainable === false;
  }

  #tfjs(): TfjsLayer {
    return this.#layer ??= improved(makeLayer(this.options.type, this.options.options));
  }
}

import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { Random } from "../module/random.ts";
import { seedTree } from "../module/seed.ts";
import { sizeOf } from "../module/ndarray.ts";
import type { Layer } from "./layer.ts";
import { described, layerSchema } from "./layer_description.ts";
import type { LayerDescription } from "./layer_options.ts";
import { layerOf } from "./layers.ts";
import { type Mode, Net, type Target } from "./net.ts";
import { layersOfTopology } from "./topology.ts";

const schema = z.strictObject({
  /** Layers in Keras's manner: `{ dense: { units: 64, activation: "relu" } }`, `"flatten"`. */
  layers: z.array(layerSchema).min(1).default([{ dense: { units: 64, activation: "relu" } }, { dense: {} }]),
  /** Instead of layers: what Keras's or tfjs's `model.toJSON()` wrote for a Sequential model. */
  topology: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Layers one after the other. They are made when the shape of an item is known: from the first layer's `inputShape`, or
 * from the data. Each is a field named by its type and a number: `dense_1`, `dense_2`, `batch_normalization_1`.
 *
 * - A last `dense` without `units` gets as many as the target needs: one a class, or the target's size.
 * - A first `dense` without `inputShape` flattens items of more than one dimension: a `flatten_1` is put before it.
 * - Random numbers come from {@linkcode Sequential.random}, which has to be seeded before the layers are made.
 *
 * @example
 * ```ts
 * import { Sequential } from "ptutils";
 * const net = await Sequential.configure({ layers: [{ dense: { units: 3, inputShape: [4] } }] });
 * if ((await net.state()).dense_1.kernel.shape[1] !== 3) throw new Error("unexpected");
 * ```
 */
export class Sequential extends Net<typeof schema> {
  static override schema: z.ZodObject = schema;
  /** Where the initial values and the noise of the layers come from. */
  random: Random = new Random();
  /** The shape of one item that it takes; `null` before the layers are made. */
  inputShape: number[] | null = null;
  /** The shape of what it gives for one item; `null` before the layers are made. */
  outputShape: number[] | null = null;
  #names: string[] = [];
  #masks = false;

  override async prepare(): Promise<void> {
    await super.prepare();
    const layers = this.#descriptions();
    const shape = declaredShape(layers[0]!);
    if (shape?.every((length) => length !== null) && !needsUnits(layers.at(-1)!)) this.build(shape as number[]);
  }

  /** @throws {TypeError} a shape that a layer can't take, or another than that it was made for */
  override build(inputShape: readonly number[], target?: Target): void {
    if (this.inputShape !== null) return this.#checkBuilt(inputShape);
    const layers = this.#complete(inputShape, target);
    let shape = [...inputShape];
    const made: [string, Layer][] = [];
    for (const [name, description] of named(layers)) {
      this.#checkName(name, made);
      const layer = layerOf(description);
      shape = atLayer(name, shape, () => buildLayer(layer, shape));
      seedTree(layer, this.random.key, name);
      made.push([name, layer]);
    }
    this.#names = made.map(([name]) => name);
    this.#masks = layers.some((layer) => masks(layer));
    this.inputShape = [...inputShape];
    this.outputShape = shape;
    Object.assign(this, Object.fromEntries(made));
  }

  override invoke(x: Tensor, mode: Mode = { training: false }): Tensor {
    if (this.inputShape === null) this.build(x.shape.slice(1));
    let mask: Tensor | undefined;
    for (const name of this.#names) {
      const layer = this.#layer(name);
      const input = x;
      x = atLayer(name, input.shape.slice(1), () => layer.invoke(input, mode, mask));
      if (this.#masks) mask = layer.mask(input, mask);
    }
    return x;
  }

  override get outputActivation(): string | undefined {
    const { type, options } = described(this.#descriptions().at(-1)!);
    return type === "softmax" ? type : options.activation as string | undefined;
  }

  /** The layers, first to last. */
  get layers(): Layer[] {
    return this.#names.map((name) => this.#layer(name));
  }

  /** Makes the layers that a state is about to fill. */
  override beforeLoad(nodes: Readonly<Record<string, unknown>>): void {
    const { inputShape, outputShape } = nodes as { inputShape?: number[] | null; outputShape?: number[] | null };
    if (this.inputShape === null && inputShape) {
      this.build(inputShape, outputShape ? { shape: outputShape } : undefined);
    }
  }

  #layer(name: string): Layer {
    return (this as unknown as Record<string, Layer>)[name]!;
  }

  #descriptions(): LayerDescription[] {
    const { layers, topology } = this.options;
    return topology === undefined ? layers : layersOfTopology(topology);
  }

  /** The layers with what depends on the data filled in. */
  #complete(inputShape: readonly number[], target: Target | undefined): LayerDescription[] {
    const layers = [...this.#descriptions()];
    const declared = declaredShape(layers[0]!);
    if (declared !== undefined && !fits(inputShape, declared)) {
      throw new TypeError(
        `Cannot build Sequential: its first layer takes items of shape [${declared}], found [${inputShape}]; leave out its inputShape, or put a reshape before it`,
      );
    }
    if (needsUnits(layers.at(-1)!)) layers.push(withUnits(layers.pop()!, target));
    const flat = described(layers[0]!).type !== "dense" || declared !== undefined || inputShape.length === 1;
    return flat ? layers : ["flatten", ...layers];
  }

  #checkName(name: string, made: readonly [string, Layer][]): void {
    if (!(name in this) && !made.some(([other]) => other === name)) return;
    throw new TypeError(
      `Cannot name a layer "${name}": Sequential has another field or layer of this name; give it another`,
    );
  }

  #checkBuilt(inputShape: readonly number[]): void {
    if (`${inputShape}` === `${this.inputShape}`) return;
    throw new TypeError(
      `Cannot build Sequential: its first layer takes items of shape [${this.inputShape}], found [${inputShape}]; leave out its inputShape, put a reshape before it, or configure another net`,
    );
  }
}

function buildLayer(layer: Layer, shape: readonly number[]): number[] {
  layer.build(shape);
  const output = layer.outputShape(shape);
  if (output.some((length) => length !== null && length <= 0)) {
    throw new TypeError(`nothing is left of it: its output would be of shape [${output}]`);
  }
  return output;
}

/** Does something with a layer; what goes wrong names the layer. */
function atLayer<T>(name: string, shape: readonly number[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    const message = (error as Error).message;
    const kind = error instanceof RangeError ? RangeError : TypeError;
    throw new kind(`Cannot run layer ${name} on items of shape [${shape}]: ${message}`, { cause: error });
  }
}

/** The layers with their names: the name they were given, or their type with a number. */
function named(layers: readonly LayerDescription[]): [name: string, description: LayerDescription][] {
  const counts = new Map<string, number>();
  return layers.map((description) => {
    const { type, options } = described(description);
    const stem = type.replace(/([a-z])([A-Z]+)/g, "$1_$2").toLowerCase();
    counts.set(stem, (counts.get(stem) ?? 0) + 1);
    return [options.name as string ?? `${stem}_${counts.get(stem)}`, description];
  });
}

function declaredShape(layer: LayerDescription): (number | null)[] | undefined {
  const { inputShape, batchInputShape, inputDim, inputLength } = described(layer).options as Record<string, number[]>;
  if (inputShape !== undefined) return inputShape;
  if (batchInputShape !== undefined) return batchInputShape.slice(1);
  if (described(layer).type === "embedding") return inputLength === undefined ? undefined : [inputLength].flat();
  return inputDim === undefined ? undefined : [inputDim as unknown as number];
}

const fits = (shape: readonly number[], declared: readonly (number | null)[]): boolean =>
  shape.length === declared.length && declared.every((length, i) => length === null || length === shape[i]);

function needsUnits(layer: LayerDescription): boolean {
  const { type, options } = described(layer);
  return type === "dense" && options.units === undefined;
}

function withUnits(layer: LayerDescription, target: Target | undefined): LayerDescription {
  if (target === undefined) {
    throw new TypeError(
      "Cannot build Sequential: its last dense layer has no units and no target is known; give it units",
    );
  }
  return { dense: { ...described(layer).options, units: target.classes ?? sizeOf(target.shape) } };
}

function masks(layer: LayerDescription): boolean {
  const { type, options } = described(layer);
  return type === "masking" || (type === "embedding" && options.maskZero === true);
}

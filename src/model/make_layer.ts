import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { isRecord, mapRecord } from "../module/value.ts";
import { described } from "./layer_description.ts";

/** What we use of a layer of tfjs, its protected parts among them. */
export interface TfjsLayer {
  built: boolean;
  build(shape: (number | null)[]): void;
  call(x: Tensor, options: Record<string, unknown>): Tensor;
  computeOutputShape(shape: (number | null)[]): (number | null)[];
  computeMask(x: Tensor, mask: Tensor | null): Tensor | null;
  addWeight: unknown;
  readonly layer?: TfjsLayer;
  readonly cell?: TfjsLayer;
  readonly cells?: readonly TfjsLayer[];
  readonly forwardLayer?: TfjsLayer;
  readonly backwardLayer?: TfjsLayer;
  readonly unitForgetBias?: boolean;
  readonly biasInitializer?: unknown;
}

/** The layer of tf.layers that has this name, with options as data: layers inside it described too. */
export function makeLayer(type: string, options: Readonly<Record<string, unknown>>): TfjsLayer {
  const make = (tf().layers.layers as unknown as Record<string, (options: unknown) => TfjsLayer>)[type]!;
  const { name: _, ...rest } = options;
  return make(mapRecord(rest, toTfjs));
}

/** A layer and those inside it, with the prefix that tells their weights apart. */
export function* within(layer: TfjsLayer, prefix = ""): Generator<[prefix: string, layer: TfjsLayer]> {
  yield [prefix, layer];
  if (layer.forwardLayer !== undefined) {
    yield* within(layer.forwardLayer, `${prefix}forward_`);
    yield* within(layer.backwardLayer!, `${prefix}backward_`);
  } else if (layer.layer !== undefined) yield* within(layer.layer, prefix);
  if (layer.cell !== undefined) yield* within(layer.cell, prefix);
  for (const [i, cell] of (layer.cells ?? []).entries()) yield* within(cell, `${prefix}cell_${i + 1}_`);
}

function toTfjs(option: unknown, key: string): unknown {
  if (key === "layer") return inner(option);
  if (key === "cell") return Array.isArray(option) ? option.map(inner) : inner(option);
  if (key.endsWith("Regularizer") && isRecord(option)) {
    // Keras has the classes L1 and L2, tfjs only the one of both.
    const sizes = isRecord(option.config) ? option.config : option;
    return tf().layers.regularizers.l1l2({ l1: 0, l2: 0, ...sizes });
  }
  return option;
}

function inner(description: unknown): TfjsLayer {
  const { type, options } = described(description);
  return makeLayer(type, options);
}

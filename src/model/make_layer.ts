import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { isRecord, mapRecord } from "../module/value.ts";
import { described } from "./layer_description.ts";

/** What we use of a layer of tfjs, its protected parts among them. */
export interface TfjsLayer {
  built: boolean;
  readonly trainable?: boolean;
  getClassName(): string;
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
  // tfjs can't unroll, and says so at each step; the values are the same.
  const { name: _, unroll: __, ...rest } = options;
  const layer = make(mapRecord({ ...otherDefaults[type], ...rest }, type === "bidirectional" ? toStandIn : toTfjs));
  if (type === "bidirectional") replaceBothWays(layer, options.layer);
  if (type === "separableConv2d") initialisePointwise(layer, make, options);
  return layer;
}

/** Where tfjs begins with something else than Keras. */
const otherDefaults: Readonly<Record<string, object>> = {
  softmax: { axis: -1 },
  lstm: { unitForgetBias: true, recurrentActivation: "sigmoid" },
  lstmCell: { unitForgetBias: true, recurrentActivation: "sigmoid" },
  gru: { recurrentActivation: "sigmoid" },
  gruCell: { recurrentActivation: "sigmoid" },
  convLstm2d: { unitForgetBias: true, recurrentActivation: "sigmoid" },
};

/** tfjs makes two layers of one by its configuration, which fails for an `rnn`: its cell is read but once. */
function replaceBothWays(layer: TfjsLayer, description: unknown): void {
  const { type, options } = described(description);
  if (type !== "rnn") return;
  const backwardLayer = makeLayer(type, { ...options, goBackwards: options.goBackwards !== true });
  Object.assign(layer, { forwardLayer: makeLayer(type, options), backwardLayer });
}

/** tfjs reads the depthwise initializer twice. */
function initialisePointwise(layer: TfjsLayer, make: (options: unknown) => TfjsLayer, options: object): void {
  const { filters, kernelSize, pointwiseInitializer } = options as Record<string, unknown>;
  const other = make({ filters, kernelSize, depthwiseInitializer: pointwiseInitializer });
  Object.assign(layer, { pointwiseInitializer: (other as unknown as Record<string, unknown>).pointwiseInitializer });
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

/** For an `rnn` to be made both ways a simple one that gives the same of its outputs, see replaceBothWays. */
function toStandIn(option: unknown, key: string): unknown {
  const { type, options } = key === "layer" ? described(option) : {};
  if (type !== "rnn") return toTfjs(option, key);
  return makeLayer("simpleRNN", { units: 1, returnSequences: options!.returnSequences === true });
}

function inner(description: unknown): TfjsLayer {
  const { type, options } = described(description);
  return makeLayer(type, options);
}

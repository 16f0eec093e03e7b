import type { LayerDescription, LayerName } from "../../../src/model/layer_options.ts";
import type { Numbers } from "./array.ts";

/** One way to use a layer. */
export interface LayerCase {
  readonly options: object;
  /** The shape of an item. */
  readonly input: readonly number[];
  /** Items are whole numbers below this. */
  readonly below?: number;
  /** Not in training. */
  readonly evaluated?: boolean;
  /** Layers that follow it. */
  readonly after?: readonly LayerDescription[];
  /** What comes out, by another way. */
  readonly reference?: (x: Numbers, weights: Record<string, Numbers>) => Numbers;
}

/** Cases of some layers, by the layer's name. */
export type LayerCases = Partial<Record<LayerName, readonly LayerCase[]>>;

/** A convolution's stride, dilation and padding along each dimension. */
export const spread = (value: number | readonly number[] | undefined, rank: number): number[] =>
  value === undefined || typeof value === "number" ? new Array<number>(rank).fill(value ?? 1) : [...value];

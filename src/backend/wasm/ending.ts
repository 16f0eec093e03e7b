import type { TensorInfo } from "@tensorflow/tfjs-core";
import { activated } from "./activated.ts";
import type { Call, Machine } from "./kernel.ts";

/** The activations' numbers in `assembly/`. */
export const activations: Readonly<Record<string, number>> = {
  linear: 0,
  relu: 1,
  relu6: 2,
  leakyrelu: 3,
  elu: 4,
  sigmoid: 5,
  tanh: 6,
};

/** The greatest number of an activation that is applied where the rows of a product lie. */
const inPlace = 3;

/** What follows a product: what of it is done in place, and the rest. */
export interface Ending {
  /** Where a bias lies that has as many numbers as a row; 0 for none. */
  readonly bias: number;
  /** The activation's number, and its slope below 0. */
  readonly activation: number;
  readonly alpha: number;
  /** Does the rest: gives what takes the place of the product, which it frees. */
  rest(product: TensorInfo): TensorInfo;
}

/** Divides what follows a product whose rows have so many columns. */
export function endingOf(machine: Machine, { inputs, attrs }: Call, columns: number): Ending {
  const { bias } = inputs, code = activations[attrs.activation ?? "linear"];
  const quickBias = bias == null || isRow(bias, columns), quick = quickBias && code !== undefined && code <= inPlace;
  return {
    bias: bias != null && quickBias ? machine.heap.pointer(bias) : 0,
    activation: quick ? code : 0,
    alpha: attrs.leakyreluAlpha ?? 0.2,
    rest: (product) => {
      if (quick) return product;
      return activated(machine, product, quickBias ? { ...inputs, bias: undefined } : inputs, attrs);
    },
  };
}

/** Whether a bias is the same for every row. */
function isRow({ shape, dtype }: TensorInfo, columns: number): boolean {
  return dtype === "float32" && shape.at(-1) === columns &&
    shape.every((length, i) => i === shape.length - 1 || length === 1);
}

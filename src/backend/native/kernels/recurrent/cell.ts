import type { Floats } from "../../floats.ts";

/** A gate's function, and its gradient by what it gave. */
export interface Gate {
  apply(x: number): number;
  slope(y: number, dy: number): number;
}

/** What a step leaves: the states after it, and what the way back needs. */
export interface Stepped {
  readonly states: number[];
  readonly kept: number[];
}

/** What the way back through a step gives. */
export interface SteppedBack {
  /** The gradient of the input times the kernel, [batch, gates * units]. */
  readonly sums: number;
  /** Of the states before the step: all that does not come through the recurrent kernel. */
  readonly states: number[];
  /** What was multiplied by each part of the recurrent kernel's columns, and the gradient of the product. */
  readonly products: readonly (readonly [input: number, slopes: number])[];
}

/** One step of a recurrent net on tensors of TensorFlow's; what each computes is told in `../../../ops/`. */
export interface Cell {
  readonly states: number;
  readonly gates: number;
  /** Prepares the recurrent kernel for all steps. */
  parts(recurrentKernel: number): number[];
  step(sums: number, states: readonly number[], parts: readonly number[]): Stepped;
  back(
    slopes: readonly number[],
    kept: readonly number[],
    before: readonly number[],
    parts: readonly number[],
  ): SteppedBack;
}

/** Makes a kind of cell. */
export type CellMaker = (floats: Floats, gate: Gate, units: number) => Cell;

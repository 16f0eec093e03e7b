import type { Machine } from "./kernel.ts";
import { type Layout, panel, type Region, type Trace } from "./recurrent_layout.ts";

/** A run forward, as a cell's step sees it. All places are pointers. */
export interface Run {
  readonly native: Machine["native"];
  readonly layout: Layout;
  /** 1 where gates are hard sigmoids, else 0. */
  readonly hard: number;
  /** Whether the output before the first step is anything but zeros. */
  readonly started: boolean;
  /** In panels: [inputs + width, gates * width]; on the way forward only, as is the bias. */
  readonly weights: number;
  /** [gates * width] */
  readonly bias: number;
  /** Those of the activations, see `assembly/recurrent_math.ts`. */
  readonly constants: number;
  /** Where a step's numbers lie in a region of the trace. */
  at(region: string, step: number): number;
  /** The output before a step. */
  output(step: number): number;
  /** A step's mask, or 0 where there is none. */
  mask(step: number): number;
}

/** A run back. */
export interface RunBack extends Run {
  readonly trace: Trace;
  /** The recurrent kernel turned round, in panels: [gates * width, width]. */
  readonly turned: number;
  /** Gradients: of each state, of the bias, of the weights in panels, and scratch of one state's size. */
  readonly dStates: readonly number[];
  readonly dBias: number;
  readonly dWeights: number;
  readonly spare: number;
  /** The gradient of a step's sums, in panels: [rows, gates * width]. */
  dSums(step: number): number;
}

/** What differs from one kind of recurrent net to the other. */
export interface Cell {
  readonly states: number;
  /** What its steps keep, beside what every cell keeps. */
  regions(layout: Layout): Readonly<Record<string, Region>>;
  /** From the step's input and the states before it, to its gates and the states after it. */
  step(run: Run, step: number): void;
  /** From `dStates` after a step to `dStates` before it; makes `dSums`, adds to `dBias`. */
  stepBack(run: RunBack, step: number): void;
  /** Adds to `dWeights` what so many steps from one on give. */
  addWeightGradients(run: RunBack, step: number, count: number): void;
}

/** A step's sums, of so many columns from one on: its input and the output before it times the weights, and the bias. */
export function addUp(run: Run, step: number, columns: number): void {
  const { rows, inputs, width } = run.layout;
  // Nothing comes of zeros.
  const taken = step === 0 && !run.started ? inputs : inputs + width;
  const [a, b, sums] = [run.at("input", step), run.weights, run.at("gates", step)];
  const depth = panel(inputs + width);
  run.native.multiplyBlocks!(rows, columns, taken, a, panel(rows), b, depth, sums, panel(rows), run.bias, 0);
}

/** Brings the gradient of a step's sums, so many columns of them from one on, back through the recurrent kernel. */
export function passBack(run: RunBack, step: number, from: number, columns: number, to: number, add: boolean): void {
  const { rows, width, gates } = run.layout;
  // Nobody asks for the gradient of zeros.
  if (add && step === 0 && !run.started) return;
  const a = run.dSums(step) + from * rows * 4, b = run.turned + from * 16;
  const depth = panel(gates * width);
  run.native.multiplyBlocks!(rows, width, columns, a, panel(rows), b, depth, to, panel(rows), 0, Number(add));
}

/**
 * Adds to the weights' gradient: what some steps' rows of a region, so many columns of it, and their sums' gradients,
 * `width` columns of it, give.
 */
export function addGradients(
  run: RunBack,
  { step, count, region = "input", rows: taken, firstRow = 0, from, columns }: {
    step: number;
    count: number;
    region?: string;
    /** Rows of the weights, that is columns of the region. */
    rows: number;
    firstRow?: number;
    /** Columns of the weights. */
    from: number;
    columns: number;
  },
): void {
  const { rows, inputs, width, gates } = run.layout;
  const depth = inputs + width;
  const to = run.dWeights + from * depth * 4 + firstRow * 16;
  const [a, b] = [run.at(region, step), run.dSums(step) + from * rows * 4];
  const strides = [panel(rows), run.trace.stride(region)] as const;
  const back = [panel(rows), rows * gates * width * 4] as const;
  run.native.multiplyTurnedBlocks!(taken, columns, rows, count, a, ...strides, b, ...back, to, panel(depth));
}

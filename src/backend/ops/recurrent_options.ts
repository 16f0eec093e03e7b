import type { Tensor } from "@tensorflow/tfjs-core";

/** How a recurrent net runs. */
export interface RecurrentOptions {
  /** [batch, units] each; left out, they are zeros. */
  readonly initialState?: readonly Tensor[];
  /** [batch, time]: where it is 0, a step leaves the states as they are. */
  readonly mask?: Tensor;
  /** From the last time to the first; the sequence is that of the steps, the last time first. */
  readonly goBackwards?: boolean;
  /** Whether the outputs of all steps are wanted. */
  readonly returnSequences?: boolean;
  /** What its gates are. Default `sigmoid`; `hardSigmoid` is clip(0.2 x + 0.5, 0, 1). */
  readonly recurrentActivation?: "sigmoid" | "hardSigmoid";
}

/** What comes of a run. */
export interface RecurrentResult {
  /** After the last step, [batch, units] each: the output first. */
  readonly states: Tensor[];
  /** The outputs of all steps, [batch, time, units], where they were asked for. */
  readonly sequences?: Tensor;
}

/** What a recurrent net has learnt. */
export interface RecurrentWeights {
  /** [features, gates * units] */
  readonly kernel: Tensor;
  /** [units, gates * units] */
  readonly recurrentKernel: Tensor;
  /** [gates * units] */
  readonly bias?: Tensor;
}

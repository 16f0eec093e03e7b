import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import type { RecurrentOptions, RecurrentResult, RecurrentWeights } from "./recurrent_options.ts";

/** What a step is made of. */
export interface Stepper {
  /** How many states it has; the first is its output. */
  readonly states: number;
  /** How many times as wide as the units its weights are. */
  readonly gates: number;
  /** From a step's input times the kernel and the states [batch, units] before it, to those after it. */
  step(sums: Tensor, states: readonly Tensor[], recurrentKernel: Tensor, gate: (x: Tensor) => Tensor): Tensor[];
}

/** Runs a recurrent net step by step: the input of all steps is multiplied by the kernel at once. */
export function runSteps(
  stepper: Stepper,
  x: Tensor,
  { kernel, recurrentKernel, bias }: RecurrentWeights,
  { initialState, mask, goBackwards = false, returnSequences = false, recurrentActivation }: RecurrentOptions,
): RecurrentResult {
  const { matMul, reshape, stack, add, cast, zeros } = tf();
  const [batch, time, features] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const products = matMul(reshape(x, [batch * time, features]) as never, kernel as never) as Tensor;
  const sums = bias === undefined ? products : add(products, bias);
  const perStep = perTime(reshape(sums, [batch, time, stepper.gates * units]));
  const masks = mask === undefined ? undefined : perTime(reshape(cast(mask, "bool"), [batch, time, 1]));
  const gate = recurrentActivation === "hardSigmoid" ? hardSigmoid : (sums: Tensor) => tf().sigmoid(sums);
  let states = [...initialState ?? Array.from({ length: stepper.states }, () => zeros([batch, units]))];
  const outputs: Tensor[] = [];
  for (let step = 0; step < time; step++) {
    const at = goBackwards ? time - 1 - step : step;
    const next = stepper.step(perStep[at]!, states, recurrentKernel, gate);
    states = masks === undefined ? next : next.map((state, i) => tf().where(masks[at]!, state, states[i]!));
    outputs.push(states[0]!);
  }
  return returnSequences ? { states, sequences: stack(outputs, 1) } : { states };
}

/** The parts of [batch, time, width], [batch, width] each. tfjs has no gradient of one that is taken apart into one. */
const perTime = (x: Tensor): Tensor[] =>
  x.shape[1] === 1 ? [tf().reshape(x, [x.shape[0]!, x.shape[2]!])] : tf().unstack(x, 1);

const hardSigmoid = (x: Tensor): Tensor => tf().clipByValue(tf().add(tf().mul(x, 0.2), 0.5), 0, 1);

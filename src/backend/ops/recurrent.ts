import type { NamedAttrMap, NamedTensorMap, Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { differentiable, type Gradients, tracksGradients } from "./differentiable.ts";
import type { RecurrentOptions, RecurrentResult, RecurrentWeights } from "./recurrent_options.ts";
import { runSteps, type Stepper } from "./recurrent_steps.ts";
import { hasKernel } from "./run_kernel.ts";

/** A kind of recurrent net: the name of its kernels, and how a step is composed where a backend lacks them. */
export interface Recurrence extends Stepper {
  readonly kernelName: string;
}

/** A recurrent net as an operation: see {@linkcode runRecurrent}. */
export type RecurrentOp = (
  x: Tensor,
  kernel: Tensor,
  recurrentKernel: Tensor,
  bias: Tensor | null,
  options?: RecurrentOptions,
) => RecurrentResult;

/** The operation of a kind of recurrent net. */
export const recurrentOp = (kind: Recurrence): RecurrentOp => (x, kernel, recurrentKernel, bias, options) =>
  runRecurrent(kind, x, { kernel, recurrentKernel, ...(bias === null ? {} : { bias }) }, options);

/**
 * Runs a recurrent net over [batch, time, features], by one kernel where the backend has it, else step by step.
 *
 * A backend may register three kernels of a kind, `Lstm` for one:
 *
 * - `Lstm`: inputs `x` [batch, time, features], `kernel`, `recurrentKernel`, and where they are given `bias`, `mask`
 *   (float32 [batch, time]), `state0`, `state1` (all states or none); attributes `recurrentActivation`, `goBackwards`,
 *   `sequences`, `keep`. It gives a list: the last states [batch, units]; the sequence [batch, time, units] if
 *   `sequences`; and if `keep`, tensors of any kind and number for the way back.
 * - `LstmGrad`: the same inputs and attributes, with `dState0`, `dState1` and, if `sequences`, `dOutputs`: the
 *   gradients of what it gave, and what it kept as `kept0`, `kept1`, .... It gives those of the kernel, the recurrent
 *   kernel, the bias (with none, anything); then of the states, if any were given; then `dSums`, a tensor of any kind.
 * - `LstmInputGrad`: `dSums`, `kernel`, `recurrentKernel`; attributes `shape` (that of x), `goBackwards`. It gives the
 *   gradient of x, and is called only where that is asked for: it may be `dSums` itself.
 *
 * @throws {TypeError} shapes that don't fit
 */
function runRecurrent(
  kind: Recurrence,
  x: Tensor,
  weights: RecurrentWeights,
  options: RecurrentOptions = {},
): RecurrentResult {
  checkShapes(kind, x, weights, options);
  return tf().tidy(() => {
    const input = x.dtype === "float32" ? x : tf().cast(x, "float32");
    if (!hasKernel(kind.kernelName)) return runSteps(kind, input, weights, options) as never;
    return runFused(kind, input, weights, options) as never;
  });
}

function runFused(kind: Recurrence, x: Tensor, weights: RecurrentWeights, options: RecurrentOptions): RecurrentResult {
  const { initialState = [], mask, goBackwards = false, returnSequences = false } = options;
  const { bias, ...kernels } = weights;
  const learnt: NamedTensorMap = { x, ...kernels };
  if (bias !== undefined) learnt.bias = bias;
  for (const [i, state] of initialState.entries()) learnt[`state${i}`] = state;
  const inputs = mask === undefined ? learnt : { ...learnt, mask: tf().cast(mask, "float32") };
  const { recurrentActivation = "sigmoid" } = options;
  const attrs = { recurrentActivation, goBackwards, sequences: returnSequences, keep: tracksGradients() };
  const count = kind.states + Number(returnSequences);
  // The mask is none of the inputs that gradients go back to.
  const outputs = differentiable(learnt, (save) => {
    const made = tf().engine().runKernel(kind.kernelName, inputs, attrs) as Tensor[];
    save([...Object.values(inputs), ...made.slice(count)]);
    return made.slice(0, count);
  }, (gradients, saved) => goBack(kind, Object.keys(inputs), attrs, gradients, saved));
  const states = outputs.slice(0, kind.states);
  return returnSequences ? { states, sequences: outputs[kind.states]! } : { states };
}

function goBack(
  { kernelName, states }: Recurrence,
  names: readonly string[],
  attrs: NamedAttrMap,
  gradients: readonly Tensor[],
  saved: readonly Tensor[],
): Gradients {
  const engine = tf().engine();
  const inputs: NamedTensorMap = Object.fromEntries(names.map((name, i) => [name, saved[i]!]));
  const { x, kernel, recurrentKernel } = inputs as Record<"x" | "kernel" | "recurrentKernel", Tensor>;
  const given = gradients.map((gradient, i) => [i < states ? `dState${i}` : "dOutputs", gradient]);
  const kept = saved.slice(names.length).map((tensor, i) => [`kept${i}`, tensor]);
  const all = { ...inputs, ...Object.fromEntries([...given, ...kept]) };
  const made = engine.runKernel(`${kernelName}Grad`, all, attrs) as Tensor[];
  const [dKernel, dRecurrentKernel, dBias, ...rest] = made as [Tensor, Tensor, Tensor, ...Tensor[]];
  const back = { dSums: rest.at(-1)!, kernel, recurrentKernel };
  const { goBackwards } = attrs as { goBackwards: boolean };
  return {
    x: () => engine.runKernel(`${kernelName}InputGrad`, back, { shape: x.shape, goBackwards }),
    kernel: () => dKernel,
    recurrentKernel: () => dRecurrentKernel,
    bias: () => dBias,
    ...Object.fromEntries(rest.slice(0, -1).map((gradient, i) => [`state${i}`, () => gradient])),
  };
}

function checkShapes(
  { kernelName, gates, states }: Recurrence,
  x: Tensor,
  { kernel, recurrentKernel, bias }: RecurrentWeights,
  { initialState, mask }: RecurrentOptions,
): void {
  const [batch, time, features] = x.shape, units = recurrentKernel.shape[0]!;
  const check = (what: string, found: readonly number[], wanted: readonly (number | undefined)[]) => {
    if (`${found}` === `${wanted}`) return;
    throw new TypeError(
      `Cannot run ${kernelName} on [${x.shape}]: ${what} is of shape [${found}]; it must be of [${wanted}]`,
    );
  };
  if (x.rank !== 3) {
    throw new TypeError(
      `Cannot run ${kernelName} on [${x.shape}]: it is of rank ${x.rank}; give [batch, time, features]`,
    );
  }
  check("the kernel", kernel.shape, [features, gates * units]);
  check("the recurrent kernel", recurrentKernel.shape, [units, gates * units]);
  if (bias !== undefined) check("the bias", bias.shape, [gates * units]);
  if (mask !== undefined) check("the mask", mask.shape, [batch, time]);
  if (initialState === undefined) return;
  check("the list of initial states", [initialState.length], [states]);
  for (const state of initialState) check("an initial state", state.shape, [batch, units]);
}

import type { NamedTensorMap, Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import type { Module } from "../module/module.ts";
import { mapRecord } from "../module/value.ts";
import type { Criterion } from "./criterion.ts";
import { type Mode, type Net, parametersOf, penaltiesOf } from "./net.ts";
import type { Parameter } from "./parameter.ts";

/** A net's output and its loss for one batch; with gradients, by the parameters' names, if these were asked for. */
export interface Step {
  readonly output: Tensor;
  readonly loss: Tensor;
}

/** Runs any Module as a net. @throws {TypeError} one that gives no tensor */
export function runNet(net: Module, input: Tensor, mode: Mode): Tensor {
  const output = (net as unknown as Net)(input, mode);
  if (output instanceof tf().Tensor) return output;
  throw new TypeError(
    `Cannot use ${net.constructor.name} as a net: it gave ${
      output === undefined ? "nothing" : typeof output
    }; its invoke(x) must return a tensor`,
  );
}

/** Output and loss, the net's own penalties included. Call it inside a tidy. */
export function computeLoss(net: Module, criterion: Criterion, input: Tensor, target: Tensor, mode: Mode): Step {
  const output = runNet(net, input, mode);
  const loss = criterion(output, target);
  if (loss.rank !== 0) {
    throw new TypeError(
      `Cannot use ${criterion.constructor.name} as a criterion: it gave shape [${loss.shape}]; it must give a scalar, the mean over the batch`,
    );
  }
  const penalties = penaltiesOf(net);
  return { output, loss: penalties.length === 0 ? loss : tf().addN([loss, ...penalties]) };
}

/** The parameters of a net that are learnt. @throws {TypeError} none */
export function learntParametersOf(net: Module): [string, Parameter][] {
  const learnt = parametersOf(net).filter(([, parameter]) => parameter.trainable);
  if (learnt.length > 0) return learnt;
  throw new TypeError(
    `Cannot train ${net.constructor.name}: it has no Parameter that is trainable; hold them in public fields`,
  );
}

/** Output, loss, and the gradients of the loss by parameters' names. Call it inside a tidy. */
export function computeGradients(
  parameters: readonly [string, Parameter][],
  forward: () => Step,
): Step & { gradients: Record<string, Tensor> } {
  let output: Tensor | undefined;
  const variables = parameters.map(([, parameter]) => parameter.value);
  const { value, grads } = tf().variableGrads(() => {
    const step = forward();
    // Kept over the end of the gradients' own scope; disposed with the rest by clone() below.
    output = tf().keep(step.output);
    return step.loss as never;
  }, variables);
  const result = tf().clone(output!);
  output!.dispose();
  return { output: result, loss: value, gradients: byName(parameters, grads) };
}

function byName(parameters: readonly [string, Parameter][], gradients: NamedTensorMap): Record<string, Tensor> {
  const named = parameters.map(([name, parameter]) => [name, gradients[parameter.value.name]] as const);
  return mapRecord(Object.fromEntries(named.filter(([, gradient]) => gradient != null)), (gradient) => gradient!);
}

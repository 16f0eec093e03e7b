import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Machine } from "../../machine.ts";

/** Whether TensorFlow's own operation for all steps of an LSTM does what is asked for: it knows no mask. */
export const fitsBlock = ({ inputs, attrs }: Call): boolean =>
  inputs.mask == null && attrs.recurrentActivation !== "hardSigmoid";

/** The operands that both ways have: the input time by time, the states, and the weights one above the other. */
function operands(machine: Machine, { inputs, attrs }: Call): number[] {
  const { x, kernel, recurrentKernel, bias, state0, state1 } = inputs, { floats, constants } = machine;
  const [batch, time] = x.shape as [number, number], units = recurrentKernel.shape[0] as number;
  const state = (given?: TensorInfo) => given == null ? floats.zeros([batch, units]) : machine.id(given);
  const byTime = inTimesOrder(machine, floats.transpose(machine.id(x), [1, 0, 2]), attrs);
  const weights = floats.concat([machine.id(kernel), machine.id(recurrentKernel)], 0);
  const none = constants.zeros([units]), shift = bias == null ? constants.zeros([4 * units]) : machine.id(bias);
  return [constants.long(time), byTime, state(state1), state(state0), weights, none, none, none, shift];
}

/** Runs all steps. */
export function runBlock(machine: Machine, call: Call): (number | TensorInfo)[] {
  const { inputs: { x, recurrentKernel }, attrs } = call, { floats, T } = machine;
  const [batch, time] = x.shape as [number, number], units = recurrentKernel.shape[0] as number;
  const attributes = [T, machine.float("cell_clip", 0), machine.flag("use_peephole", false)];
  const made = machine.runAll("BlockLSTMV2", attributes, operands(machine, call), 7);
  const cells = made[1]!, outputs = made[6]!;
  const last = (all: number) => floats.reshape(floats.slice(all, [time - 1, 0, 0], [1, batch, units]), [batch, units]);
  const given: (number | TensorInfo)[] = [last(outputs), last(cells)];
  if (attrs.sequences) given.push(floats.transpose(outputs, [1, 0, 2]));
  return attrs.keep ? [...given, machine.bundle(made)] : given;
}

/** The gradients; that of the input in the place of the sums', time by time. */
export function blockBack(machine: Machine, call: Call): number[] {
  const { inputs, attrs } = call, { x, recurrentKernel, dState0, dState1, dOutputs, kept0 } = inputs;
  const [batch, time, features] = x.shape as [number, number, number], units = recurrentKernel.shape[0] as number;
  const { floats, T } = machine;
  const outputs = attrs.sequences
    ? floats.add(floats.transpose(machine.id(dOutputs), [1, 0, 2]), atLast(machine, dState0, time))
    : atLast(machine, dState0, time);
  const slopes = [atLast(machine, dState1, time), outputs];
  const all = [...operands(machine, call), ...machine.unbundle(kept0), ...slopes];
  const made = machine.runAll("BlockLSTMGradV2", [T, machine.flag("use_peephole", false)], all, 8);
  const [dx, dCell, dOutput, weights, , , , bias] = made as [number, number, number, number, 0, 0, 0, number];
  const kernel = floats.slice(weights, [0, 0], [features, 4 * units]);
  const recurrent = floats.slice(weights, [features, 0], [units, 4 * units]);
  const states = inputs.state0 == null ? [] : [dOutput, dCell];
  return [kernel, recurrent, bias, ...states, inTimesOrder(machine, dx, attrs)];

  /** A state's gradient [batch, units] as that of the last step, with none for those before it. */
  function atLast(machine: Machine, slope: TensorInfo, time: number): number {
    const last = floats.reshape(machine.id(slope), [1, batch, units]);
    return time === 1 ? last : floats.concat([floats.zeros([time - 1, batch, units]), last], 0);
  }
}

/** Steps in the order of time, or times in the order of steps. */
function inTimesOrder(machine: Machine, all: number, { goBackwards }: Call["attrs"]): number {
  if (!goBackwards) return all;
  const types = [machine.type("Tidx", "int32"), machine.T];
  return machine.run("ReverseV2", types, all, machine.constants.ints([0]));
}

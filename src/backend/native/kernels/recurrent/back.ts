import type { Call, Machine } from "../../machine.ts";
import type { CellMaker, SteppedBack } from "./cell.ts";
import { readRun, type Run } from "./forward.ts";

/** The gradients of a run, from its last step to its first. */
export function goBack(machine: Machine, maker: CellMaker, call: Call): number[] {
  const { inputs, attrs } = call, { floats } = machine;
  const run = readRun(machine, maker, call), { cell, time, rows, initial, order } = run;
  const steps = keptSteps(machine.unbundle(inputs.kept0), cell.states, time);
  const given = attrs.sequences ? floats.unstack(machine.id(inputs.dOutputs), time, 1) : undefined;
  let slopes = initial.map((_, i) => machine.id(inputs[`dState${i}`]));
  const ways: SteppedBack[] = [], sums: number[] = [];
  for (let step = time - 1; step >= 0; step--) {
    if (given !== undefined) slopes = [floats.add(slopes[0]!, given[step]!), ...slopes.slice(1)];
    const before = step === 0 ? initial : steps[step - 1]!.states;
    const way = stepBack(machine, run, slopes, steps[step]!.kept, before, order[step]!);
    slopes = way.states;
    ways.push(way);
    sums[order[step]!] = way.sums;
  }
  const dSums = floats.concat(sums, 0), bias = floats.sumRows(dSums);
  const kernel = floats.matMul(rows, dSums, true);
  const recurrentKernel = floats.concat(ways[0]!.products.map((_, i) => productGradient(machine, ways, i)), 1);
  const states = "state0" in inputs && inputs.state0 != null ? slopes : [];
  return [kernel, recurrentKernel, bias, ...states, dSums];
}

/** One step back; rows that a mask leaves out hand their gradients on. */
function stepBack(
  machine: Machine,
  { cell, batch, units, parts, masks }: Run,
  slopes: readonly number[],
  kept: readonly number[],
  before: readonly number[],
  at: number,
): SteppedBack {
  if (masks === undefined) return cell.back(slopes, kept, before, parts);
  const { floats } = machine, none = floats.zeros([batch, units]), mask = masks[at]!;
  const way = cell.back(slopes.map((slope) => floats.select(mask, slope, none)), kept, before, parts);
  return { ...way, states: way.states.map((state, i) => floats.select(mask, state, slopes[i]!)) };
}

/** The gradient of a part of the recurrent kernel: one product for all steps. */
function productGradient({ floats }: Machine, ways: readonly SteppedBack[], part: number): number {
  const inputs = floats.concat(ways.map(({ products }) => products[part]![0]), 0);
  const slopes = floats.concat(ways.map(({ products }) => products[part]![1]), 0);
  return floats.matMul(inputs, slopes, true);
}

interface Kept {
  readonly kept: readonly number[];
  readonly states: readonly number[];
}

/** What was kept of each step. */
function keptSteps(all: readonly number[], states: number, time: number): Kept[] {
  const length = all.length / time;
  return Array.from({ length: time }, (_, step) => {
    const of = all.slice(step * length, (step + 1) * length);
    return { kept: of.slice(0, length - states), states: of.slice(length - states) };
  });
}

import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Machine } from "./kernel.ts";
import { bring, bringTurned, clear, take } from "./recurrent_blocks.ts";
import type { Cell, RunBack } from "./recurrent_cell.ts";
import { timeOf, traceOf, withRun } from "./recurrent_forward.ts";
import { bytesOf, type Layout, layoutOf, lineOf, lineStart, outputAtLine, padded, panel } from "./recurrent_layout.ts";

/** So many rows at once give the weights' gradient: what fits into the first cache. */
const rowsAtOnce = 128;

/** The kernel that goes back through all steps: see `ops/recurrent.ts` for what goes in and comes out. */
export function runBackward(machine: Machine, cell: Cell, { inputs, attrs }: Call): TensorInfo[] {
  const { heap } = machine;
  const layout = layoutOf(inputs.x, inputs.recurrentKernel);
  const { batch, time, units, gates, width } = layout;
  const started = inputs.state0 !== undefined;
  const weights = [inputs.kernel.shape, inputs.recurrentKernel.shape, [gates * units]].map((shape) =>
    heap.output(shape)
  );
  const states = Array.from({ length: started ? cell.states : 0 }, () => heap.output([batch, units]));
  const dSums = outputAtLine(heap, time * bytesOf(layout, gates * width));
  withRunBack(machine, cell, { inputs, attrs }, layout, dSums, (run) => {
    for (const [i, at] of run.dStates.entries()) bringState(machine, layout, inputs[`dState${i}`], at);
    for (let step = time - 1; step >= 0; step--) {
      if (inputs.dOutputs !== undefined) addOutput(machine, layout, inputs.dOutputs, step, run.dStates[0]!);
      cell.stepBack(run, step);
    }
    addUpWeights(cell, run);
    takeWeights(machine, run, weights);
    for (const [i, state] of states.entries()) {
      take(machine, layout, run.dStates[i]!, { at: heap.pointer(state), rowStride: units * 4 });
    }
  });
  return [...weights, ...states, dSums];
}

/** The kernel that brings the gradients of all sums to the input: dSums, kernel and x's shape to dx. */
export function runInputGrad(machine: Machine, { inputs, attrs }: Call): TensorInfo {
  const { heap, native } = machine;
  const { dSums, kernel, recurrentKernel } = inputs;
  const dx = heap.output(attrs.shape);
  const layout = layoutOf(dx, recurrentKernel);
  const { batch, time, features, rows, gates, width } = layout;
  const columns = padded(features, 8), depth = gates * width;
  heap.scratch((depth + rows) * columns * 4 + 64, (pointer) => {
    const turned = lineStart(pointer), place = turned + depth * columns * 4;
    bringTurned(machine, layout, kernel, features, turned, columns);
    const start = lineOf(heap, dSums);
    const multiply = native.multiplyBlocks!.bind(undefined, rows, columns, depth);
    for (let step = 0; step < time; step++) {
      const sums = start + step * bytesOf(layout, depth);
      multiply(sums, panel(rows), turned, panel(depth), place, panel(rows), 0, 0);
      const to = heap.pointer(dx) + timeOf(step, time, attrs.goBackwards) * features * 4;
      native.fromBlocks!(place, panel(rows), batch, features, to, time * features * 4);
    }
  });
  return dx;
}

function withRunBack(
  machine: Machine,
  cell: Cell,
  { inputs, attrs }: Call,
  layout: Layout,
  dSums: TensorInfo,
  work: (run: RunBack) => void,
): void {
  const { heap } = machine;
  const { units, inputs: taken, width, gates } = layout;
  const trace = traceOf(cell, layout, true), state = bytesOf(layout, width);
  const sizes = {
    turned: gates * width * width * 4,
    dWeights: gates * width * (taken + width) * 4,
    dBias: gates * width * 4,
  };
  const bytes = sizes.turned + sizes.dWeights + sizes.dBias + (cell.states + 1) * state + 64;
  withRun(machine, { inputs, attrs }, layout, trace, inputs.kept0, bytes, (run, pointer) => {
    const turned = lineStart(pointer), dWeights = turned + sizes.turned, dBias = dWeights + sizes.dWeights;
    const spare = dBias + sizes.dBias;
    bringTurned(machine, layout, inputs.recurrentKernel, units, turned, width);
    clear(machine, dWeights, sizes.dWeights + sizes.dBias);
    const start = lineOf(heap, dSums), stride = bytesOf(layout, gates * width);
    const dStates = Array.from({ length: cell.states }, (_, i) => spare + (i + 1) * state);
    work({ ...run, trace, turned, dWeights, dBias, spare, dStates, dSums: (step) => start + step * stride });
  });
}

function bringState(machine: Machine, layout: Layout, state: TensorInfo | undefined, to: number): void {
  if (state === undefined) return clear(machine, to, bytesOf(layout, layout.width));
  bring(machine, layout, { at: machine.heap.pointer(state), rowStride: layout.units * 4 }, layout.units, to);
}

/** Adds the gradient of a step's output to that of the output as a state. */
function addOutput(machine: Machine, layout: Layout, dOutputs: TensorInfo, step: number, to: number): void {
  const { time, units, width } = layout;
  const place = { at: machine.heap.pointer(dOutputs) + step * units * 4, rowStride: time * units * 4 };
  bring(machine, layout, place, units, to, width, true);
}

function addUpWeights(cell: Cell, run: RunBack): void {
  const { time, rows } = run.layout;
  const atOnce = Math.max(1, Math.floor(rowsAtOnce / rows));
  for (let step = 0; step < time; step += atOnce) {
    cell.addWeightGradients(run, step, Math.min(atOnce, time - step));
  }
}

function takeWeights({ heap, native }: Machine, run: RunBack, [kernel, recurrent, bias]: TensorInfo[]): void {
  const { features, units, inputs, width, gates } = run.layout;
  const depth = inputs + width, rowStride = gates * units * 4;
  for (let gate = 0; gate < gates; gate++) {
    const from = run.dWeights + gate * width * depth * 4, to = gate * units * 4;
    native.fromBlocks!(from, panel(depth), features, units, heap.pointer(kernel!) + to, rowStride);
    native.fromBlocks!(from + inputs * 16, panel(depth), units, units, heap.pointer(recurrent!) + to, rowStride);
    native.fromBlocks!(run.dBias + gate * width * 4, 16, 1, units, heap.pointer(bias!) + to, 0);
  }
}

import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Machine } from "./kernel.ts";
import { bring, bringBias, bringMask, bringWeights, clear, type Place, take } from "./recurrent_blocks.ts";
import type { Cell, Run } from "./recurrent_cell.ts";
import {
  bytesOf,
  commonRegions,
  type Layout,
  layoutOf,
  lineOf,
  lineStart,
  outputAtLine,
  Trace,
} from "./recurrent_layout.ts";

/** A kernel that runs all steps: see `ops/recurrent.ts` for what goes in and comes out. */
export function runForward(machine: Machine, cell: Cell, { inputs, attrs }: Call): TensorInfo[] {
  const { heap } = machine;
  const layout = layoutOf(inputs.x, inputs.recurrentKernel);
  const { batch, time, units } = layout;
  const trace = traceOf(cell, layout, attrs.keep);
  const states = Array.from({ length: cell.states }, () => heap.output([batch, units]));
  const outputs = attrs.sequences ? [heap.output([batch, time, units])] : [];
  const kept = outputAtLine(heap, trace.bytes);
  withRun(machine, { inputs, attrs }, layout, trace, kept, 0, (run) => {
    bringWeights(machine, layout, inputs, run.weights);
    bringBias(machine, layout, inputs.bias, run.bias);
    begin(machine, cell, run, inputs);
    const x: Place = { at: heap.pointer(inputs.x), rowStride: time * layout.features * 4 };
    for (let step = 0; step < time; step++) {
      const at = x.at + timeOf(step, time, attrs.goBackwards) * layout.features * 4;
      bring(machine, layout, { ...x, at }, layout.features, run.at("input", step), layout.inputs);
      cell.step(run, step);
      if (outputs[0] === undefined) continue;
      const rowStride = time * units * 4;
      take(machine, layout, run.output(step + 1), { at: heap.pointer(outputs[0]) + step * units * 4, rowStride });
    }
    for (const [i, state] of states.entries()) {
      take(machine, layout, stateAt(run, i, time), { at: heap.pointer(state), rowStride: units * 4 });
    }
  });
  if (attrs.keep) return [...states, ...outputs, kept];
  heap.free(kept);
  return [...states, ...outputs];
}

/** Where the numbers of a cell's steps lie. */
export function traceOf(cell: Cell, layout: Layout, kept: boolean): Trace {
  return new Trace(layout, { ...commonRegions(layout), ...cell.regions(layout) }, kept);
}

/** Which of the input's times a step takes. */
export const timeOf = (step: number, time: number, goBackwards: boolean): number =>
  goBackwards ? time - 1 - step : step;

/** A state before a step. */
export const stateAt = (run: Run, state: number, step: number): number =>
  state === 0 ? run.output(step) : run.at("cell", step);

/** Works with the trace in `kept` and room for the weights in panels; `spare` bytes of scratch lie behind. */
export function withRun(
  { heap, native }: Machine,
  { inputs, attrs }: Call,
  layout: Layout,
  trace: Trace,
  kept: TensorInfo,
  spare: number,
  work: (run: Run, spare: number) => void,
): void {
  const { rows, inputs: taken, width, gates, time } = layout;
  const sizes = [
    (taken + width) * gates * width * 4,
    gates * width * 4,
    inputs.mask === undefined ? 0 : time * rows * 4,
  ];
  const [weightBytes, biasBytes, maskBytes] = sizes as [number, number, number];
  heap.scratch(weightBytes + biasBytes + maskBytes + spare + 128, (pointer) => {
    const constants = lineStart(pointer),
      weights = constants + 64,
      bias = weights + weightBytes,
      mask = bias + biasBytes;
    const machine = { heap, native };
    native.activationConstants!(constants);
    if (inputs.mask !== undefined) bringMask(machine, layout, inputs.mask, attrs.goBackwards, mask);
    const start = lineOf(heap, kept);
    const at = (region: string, step: number) => start + trace.offset(region, step);
    work({
      ...{ native, layout, constants, weights, bias, at, hard: Number(attrs.recurrentActivation === "hardSigmoid") },
      started: inputs.state0 !== undefined,
      output: (step) => at("input", step) + bytesOf(layout, taken),
      mask: (step) => maskBytes === 0 ? 0 : mask + step * rows * 4,
    }, mask + maskBytes);
  });
}

/** Brings the states before the first step; those that aren't given are zeros. */
function begin(machine: Machine, cell: Cell, run: Run, inputs: Call["inputs"]): void {
  const { layout } = run;
  for (let i = 0; i < cell.states; i++) {
    const state = inputs[`state${i}`] as TensorInfo | undefined;
    const to = stateAt(run, i, 0);
    if (state === undefined) clear(machine, to, bytesOf(layout, layout.width));
    else bring(machine, layout, { at: machine.heap.pointer(state), rowStride: layout.units * 4 }, layout.units, to);
  }
}

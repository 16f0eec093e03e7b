import { addGradients, addUp, type Cell, passBack, type Run } from "./recurrent_cell.ts";
import { panel } from "./recurrent_layout.ts";

/** Gates z, r, h, the output reset before its product. K. Cho et al., EMNLP 2014. */
export const gruCell: Cell = {
  states: 1,
  regions: ({ width }) => ({ reset: { columns: width } }),
  step(run, step) {
    const { native, layout: { rows, width }, hard } = run;
    const gates = run.at("gates", step), before = run.output(step);
    addUp(run, step, 2 * width);
    native.gruReset!(rows, width, gates, before, run.at("reset", step), hard, run.constants);
    addUpCandidate(run, step);
    native.gruStep!(rows, width, gates, before, run.output(step + 1), run.mask(step), run.constants);
  },
  stepBack(run, step) {
    const { native, layout: { rows, width }, hard, dBias, spare } = run;
    const [dOutput] = run.dStates as [number];
    const [gates, before, dSums] = [run.at("gates", step), run.output(step), run.dSums(step)];
    native.gruStepGrad!(rows, width, gates, before, dOutput, dSums, dBias, run.mask(step), hard);
    passBack(run, step, 2 * width, width, spare, false);
    native.gruResetGrad!(rows, width, gates, before, spare, dOutput, dSums, dBias, hard);
    passBack(run, step, 0, 2 * width, dOutput, true);
  },
  addWeightGradients(run, step, count) {
    const { inputs, width } = run.layout;
    const candidate = { step, count, from: 2 * width, columns: width };
    addGradients(run, { step, count, rows: inputs + width, from: 0, columns: 2 * width });
    addGradients(run, { ...candidate, rows: inputs });
    addGradients(run, { ...candidate, region: "reset", rows: width, firstRow: inputs });
  },
};

/** The third gate's sums: of the input, and of the output that was reset. */
function addUpCandidate(run: Run, step: number): void {
  const { native, layout: { rows, inputs, width } } = run;
  const depth = inputs + width;
  const weights = run.weights + 2 * width * depth * 4, sums = run.at("gates", step) + 2 * width * rows * 4;
  const multiply = (columns: number, a: number, b: number, bias: number, add: number) =>
    native.multiplyBlocks!(rows, width, columns, a, panel(rows), b, panel(depth), sums, panel(rows), bias, add);
  multiply(inputs, run.at("input", step), weights, run.bias + 2 * width * 4, 0);
  if (step > 0 || run.started) multiply(width, run.at("reset", step), weights + inputs * 16, 0, 1);
}

import { addGradients, addUp, type Cell, passBack } from "./recurrent_cell.ts";

/** One sum, its tanh the output. J. L. Elman, Cognitive Science 14 (2), 1990. */
export const simpleCell: Cell = {
  states: 1,
  regions: () => ({}),
  step(run, step) {
    const { native, layout: { rows, width } } = run;
    addUp(run, step, width);
    const outputs = [run.output(step), run.output(step + 1)] as const;
    native.simpleRnnStep!(rows, width, run.at("gates", step), ...outputs, run.mask(step), run.constants);
  },
  stepBack(run, step) {
    const { native, layout: { rows, width }, dBias } = run;
    const [dOutput] = run.dStates as [number];
    native.simpleRnnStepGrad!(rows, width, run.output(step + 1), dOutput, run.dSums(step), dBias, run.mask(step));
    passBack(run, step, 0, width, dOutput, true);
  },
  addWeightGradients(run, step, count) {
    const { inputs, width } = run.layout;
    addGradients(run, { step, count, rows: inputs + width, from: 0, columns: width });
  },
};

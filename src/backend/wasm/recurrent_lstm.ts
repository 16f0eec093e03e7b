import { addGradients, addUp, type Cell, passBack } from "./recurrent_cell.ts";

/** Gates i, f, c, o; states: output and cell. Hochreiter and Schmidhuber, Neural Computation 9 (8), 1997. */
export const lstmCell: Cell = {
  states: 2,
  regions: ({ width }) => ({ cell: { columns: width, state: true }, cellTanh: { columns: width } }),
  step(run, step) {
    const { native, layout: { rows, width, gates }, hard } = run;
    addUp(run, step, gates * width);
    const cells = [run.at("cell", step), run.at("cell", step + 1), run.at("cellTanh", step)] as const;
    const outputs = [run.output(step), run.output(step + 1)] as const;
    native.lstmStep!(rows, width, run.at("gates", step), ...cells, ...outputs, run.mask(step), hard, run.constants);
  },
  stepBack(run, step) {
    const { native, layout: { rows, width, gates }, hard, dStates, dBias } = run;
    const kept = [run.at("gates", step), run.at("cell", step), run.at("cellTanh", step)] as const;
    const [dOutput, dCell] = dStates as [number, number];
    native.lstmStepGrad!(rows, width, ...kept, dOutput, dCell, run.dSums(step), dBias, run.mask(step), hard);
    passBack(run, step, 0, gates * width, dOutput, true);
  },
  addWeightGradients(run, step, count) {
    const { inputs, width, gates } = run.layout;
    addGradients(run, { step, count, rows: inputs + width, from: 0, columns: gates * width });
  },
};

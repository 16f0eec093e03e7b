import type { Family, Kernel, Machine } from "../machine.ts";
import { blockBack, fitsBlock, runBlock } from "./recurrent/block_lstm.ts";
import { goBack } from "./recurrent/back.ts";
import type { CellMaker } from "./recurrent/cell.ts";
import { run } from "./recurrent/forward.ts";
import { gruCell } from "./recurrent/gru_cell.ts";
import { lstmCell } from "./recurrent/lstm_cell.ts";
import { simpleRnnCell } from "./recurrent/simple_rnn_cell.ts";

/**
 * Recurrent nets over all steps at once, past tfjs's engine. What the kernels take and give is told in
 * `../../ops/recurrent.ts`; all that is kept for the way back is in one bundle.
 */
export const recurrent: Family = (machine) => ({
  ...kernelsOf(machine, "Lstm", lstmCell),
  ...kernelsOf(machine, "Gru", gruCell),
  ...kernelsOf(machine, "SimpleRnn", simpleRnnCell),
  Lstm: (call) => fitsBlock(call) ? runBlock(machine, call) : run(machine, lstmCell, call),
  LstmGrad: (call) => fitsBlock(call) ? blockBack(machine, call) : goBack(machine, lstmCell, call),
});

function kernelsOf(machine: Machine, name: string, maker: CellMaker): Record<string, Kernel> {
  return {
    [name]: (call) => run(machine, maker, call),
    [`${name}Grad`]: (call) => goBack(machine, maker, call),
    [`${name}InputGrad`]: ({ inputs: { dSums, kernel }, attrs: { shape: [batch, time, features] } }) => {
      const { floats } = machine, slopes = machine.id(dSums);
      // TensorFlow's own operation gave the gradient itself.
      if (dSums.shape.length === 3) return floats.transpose(slopes, [1, 0, 2]);
      const products = floats.matMul(slopes, machine.id(kernel), false, true);
      return floats.transpose(floats.reshape(products, [time, batch, features]), [1, 0, 2]);
    },
  };
}

import type { Call, Family, Kernel, Machine } from "./kernel.ts";
import { runBackward, runInputGrad } from "./recurrent_backward.ts";
import type { Cell } from "./recurrent_cell.ts";
import { runForward } from "./recurrent_forward.ts";
import { gruCell } from "./recurrent_gru.ts";
import { lstmCell } from "./recurrent_lstm.ts";
import { simpleCell } from "./recurrent_simple.ts";

/**
 * Recurrent nets, all steps in one: `Lstm`, `LstmGrad`, `LstmInputGrad` and the same of `Gru` and `SimpleRnn`. tfjs
 * has no such kernels: `ops/recurrent.ts` says what goes in and comes out.
 */
export const recurrent: Family = (machine) => ({
  ...kernelsOf(machine, "Lstm", lstmCell),
  ...kernelsOf(machine, "Gru", gruCell),
  ...kernelsOf(machine, "SimpleRnn", simpleCell),
});

const kernelsOf = (machine: Machine, name: string, cell: Cell): Record<string, Kernel> => ({
  [name]: (call: Call) => runForward(machine, cell, call),
  [`${name}Grad`]: (call: Call) => runBackward(machine, cell, call),
  [`${name}InputGrad`]: (call: Call) => runInputGrad(machine, call),
});

import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Family, Machine } from "../machine.ts";
import { canFinish, finish } from "./activate.ts";

/** Products of matrices. TensorFlow's operation for two matrices is quicker than the one for batches of them. */
export const matmul: Family = (machine) => ({
  BatchMatMul: (call) => areMatrices(call) ? product(machine, call) : machine.stock("BatchMatMul", call),
  _FusedMatMul: (call) => {
    const ending = { ...call.attrs, bias: call.inputs.bias };
    if (!areMatrices(call) || !canFinish(ending)) return machine.stock("_FusedMatMul", call);
    return finish(machine, product(machine, call), ending);
  },
  Dense: ({ inputs: { x, kernel, bias }, attrs: { activation } }) => {
    const call = { inputs: { a: x, b: kernel }, attrs: { transposeA: false, transposeB: false } };
    return finish(machine, product(machine, call), { bias, activation });
  },
});

const areMatrices = ({ inputs: { a, b } }: Call): boolean => isMatrix(a) && isMatrix(b);
const isMatrix = ({ shape, dtype }: TensorInfo): boolean => shape.length === 2 && dtype === "float32";

const product = (machine: Machine, { inputs: { a, b }, attrs: { transposeA, transposeB } }: Call): number =>
  machine.floats.matMul(machine.id(a), machine.id(b), transposeA, transposeB);

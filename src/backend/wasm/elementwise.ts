import type { TensorInfo } from "@tensorflow/tfjs-core";
import { activations } from "./ending.ts";
import type { Call, Family, Machine } from "./kernel.ts";

/** What is done to each number by itself, and the crossentropy of rows. */
export const elementwise: Family = (machine) => ({
  ActivationGrad: (call) => activationGradient(machine, call),
  Crossentropy: (call) => crossentropy(machine, call),
});

const sizeOf = ({ shape }: TensorInfo): number => shape.reduce((product, length) => product * length, 1);

/** The gradient of an activation's input, by that of its output and the output itself. */
function activationGradient({ heap, native }: Machine, { inputs: { dy, y }, attrs }: Call): TensorInfo {
  const dx = heap.output(y.shape), activation = activations[attrs.activation];
  if (activation === undefined) {
    throw new RangeError(`Cannot compute the gradient of activation "${attrs.activation}": it is not known`);
  }
  native.activationGradient!(activation, heap.pointer(dy), heap.pointer(y), heap.pointer(dx), sizeOf(y));
  return dx;
}

/** The mean crossentropy of rows of logits, and its gradient. */
function crossentropy({ heap, native }: Machine, { inputs: { logits, wanted } }: Call): TensorInfo[] {
  const columns = logits.shape.at(-1), rows = sizeOf(logits) / columns;
  const loss = heap.output([]), gradient = heap.output(logits.shape);
  heap.scratch(8 * rows, (parts) => {
    native.crossentropy!(heap.pointer(logits), heap.pointer(wanted), parts, heap.pointer(gradient), rows, columns);
    const numbers = new Float32Array(heap.memory.buffer, parts, 2 * rows);
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += Math.log(numbers[2 * row]!) - numbers[2 * row + 1]!;
    heap.floats(loss)[0] = sum / rows;
  });
  return [loss, gradient];
}

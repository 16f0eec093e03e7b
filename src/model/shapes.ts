import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";

/** The target in the output's shape: float32, lengths of one added or left out. @throws {TypeError} another shape */
export function asOutput(who: string, output: Tensor, target: Tensor): Tensor {
  const same = squeezed(output.shape) === squeezed(target.shape);
  if (!same) throw misfit(who, output, target, "they must have the same shape");
  return tf().reshape(target.dtype === "float32" ? target : tf().cast(target, "float32"), output.shape);
}

/** Class numbers, int32, one for each row of the output. @throws {TypeError} a target that isn't one a row */
export function asClasses(who: string, output: Tensor, target: Tensor): Tensor {
  const rows = output.shape.slice(0, -1);
  if (output.rank < 2 || squeezed(rows) !== squeezed(target.shape)) {
    throw misfit(who, output, target, "an output of [..., classes] takes a target of [...], a class's number each");
  }
  return tf().reshape(target.dtype === "int32" ? target : tf().cast(target, "int32"), rows);
}

/** A shape without the batch's dimension and without those of length one. */
const squeezed = (shape: readonly number[]): string => `${shape[0]},${shape.slice(1).filter((length) => length !== 1)}`;

function misfit(who: string, output: Tensor, target: Tensor, wanted: string): TypeError {
  return new TypeError(
    `Cannot compute ${who}: the net's output is of shape [${output.shape}], the target of [${target.shape}]; ${wanted}`,
  );
}

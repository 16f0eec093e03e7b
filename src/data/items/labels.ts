import { NDArray } from "../../module/ndarray.ts";

/** Targets, and how many classes there are where they are classes. */
export interface Targets {
  readonly array: NDArray;
  readonly classes: number | undefined;
}

/**
 * Targets as they are trained on: one whole number per item is a class, and becomes int32; anything else stays what it
 * is. Without `classes` there are as many as the greatest one tells; negative ones are then no classes.
 *
 * @param targets shape `[items, ...]`
 * @throws {RangeError} a label that is not a whole number from 0 to classes - 1, or does not fit int32
 */
export function labels(targets: NDArray, classes?: number): Targets {
  const whole = targets.shape.length === 1 && !targets.dtype.startsWith("float");
  if (!whole && classes === undefined) return { array: targets, classes };
  if (targets.shape.length !== 1) {
    throw new RangeError(
      `Cannot take targets of shape [${targets.shape}] as classes: a class is one number per item; leave out classes`,
    );
  }
  const array = new NDArray("int32", targets.shape);
  let [least, most] = [0, -1];
  for (let i = 0; i < targets.size; i++) {
    const label = Number(targets.data[i]);
    if (label !== (label | 0) || (classes !== undefined && (label < 0 || label >= classes))) refuse(label, i, classes);
    least = Math.min(least, label);
    most = Math.max(most, label);
    array.data[i] = label;
  }
  return { array, classes: classes ?? (least < 0 ? undefined : most + 1) };
}

function refuse(label: number, i: number, classes: number | undefined): never {
  throw new RangeError(
    classes === undefined
      ? `Cannot take target ${label} of item ${i} as int32: it is too large; give targets that are not classes as float32`
      : `Cannot take target ${label} of item ${i} as one of ${classes} classes: they are 0 to ${
        classes - 1
      }; set classes to fit, or leave it out`,
  );
}

import { isNDArray, NDArray } from "../module/ndarray.ts";
import { suggest } from "../module/text.ts";
import type { Session } from "../session/session.ts";

/** What a model makes of some items. */
export interface Predictions {
  /** `[n, ...]`, as the data set has them. */
  readonly inputs: NDArray;
  /** The true class of each. */
  readonly labels: readonly number[];
  /** The class that the model finds most likely. */
  readonly classes: readonly number[];
}

/**
 * Has a Session's model classify the first items of a data set; training that goes on is not disturbed.
 *
 * @throws {RangeError} no such data set, or targets that are not classes
 */
export async function predict(
  { dataProvider, trainer: { model } }: Session,
  phase: string,
  limit: number,
): Promise<Predictions> {
  const dataset = dataProvider.datasets[phase];
  if (dataset === undefined) {
    const known = Object.keys(dataProvider.datasets);
    throw new RangeError(`Cannot predict "${phase}": there is no such data set; ${suggest(phase, known)}`);
  }
  const inputs: NDArray[] = [], labels: number[] = [], classes: number[] = [];
  for await (const batch of dataProvider.dataLoader.iterate(dataset, { tracked: false })) {
    const output = await model.forward(batch.input);
    labels.push(...classesOf(batch.target, phase));
    classes.push(...mostLikely(output));
    inputs.push(batch.input);
    if (labels.length >= limit) break;
  }
  const count = Math.min(limit, labels.length);
  return { inputs: join(inputs, count), labels: labels.slice(0, count), classes: classes.slice(0, count) };
}

/** The class of each target: the number itself, or the place of the largest of several. */
function classesOf(target: NDArray, phase: string): number[] {
  if (target.shape.length > 1 && target.shape.at(-1)! > 1) return mostLikely(target);
  const classes = Array.from(target.data as ArrayLike<number | bigint>, Number);
  if (classes.every((value) => Number.isInteger(value) && value >= 0)) return classes;
  throw new RangeError(`Cannot predict "${phase}": its targets are no classes; found ${classes[0]}`);
}

/** Of each row the place of the largest; of rows of one, whether it is above a half (or, of logits, above zero). */
function mostLikely({ data, shape }: NDArray): number[] {
  const width = shape.at(-1) ?? 1, rows = data.length / width, values = data as ArrayLike<number>;
  if (shape.length > 1 && width > 1) {
    return Array.from({ length: rows }, (_, row) => {
      let best = 0;
      for (let i = 1; i < width; i++) if (values[row * width + i]! > values[row * width + best]!) best = i;
      return best;
    });
  }
  const logits = Array.from(values).some((value) => value < 0 || value > 1);
  return Array.from(values, (value) => Number(value > (logits ? 0 : 0.5)));
}

function join(arrays: readonly NDArray[], count: number): NDArray {
  const [first] = arrays;
  if (!isNDArray(first)) throw new RangeError("Cannot predict: the data set has no items");
  const [, ...shape] = first.shape, size = shape.reduce((product, length) => product * length, 1);
  const data = new Float32Array(count * size);
  let at = 0;
  for (const array of arrays) {
    const part = Float32Array.from(array.data as ArrayLike<number>).subarray(0, data.length - at);
    data.set(part, at);
    at += part.length;
  }
  return new NDArray("float32", [count, ...shape], data);
}

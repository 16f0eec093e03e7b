import { NDArray, sizeOf } from "../../module/ndarray.ts";
import type { Batch } from "../batch.ts";

/** A batch, and at which places of the whole its items go. */
export interface Portion {
  readonly batch: Batch;
  readonly places: readonly number[];
  /** What the items are of, for an error. */
  readonly name: string;
}

/**
 * One batch of several ones' items, each at its place.
 *
 * @param index the numbers that the items have in the whole
 * @throws {TypeError} portions whose items differ in shape or dtype, named
 */
export function mergeBatches(portions: readonly Portion[], index: ArrayLike<number>): Batch {
  const merge = (part: "input" | "target") => {
    checkAlike(portions, part);
    return scatter(portions.map(({ batch, places }) => ({ array: batch[part], places })), index.length);
  };
  return { input: merge("input"), target: merge("target"), size: index.length, index: Uint32Array.from(index) };
}

function scatter(portions: readonly { array: NDArray; places: readonly number[] }[], rows: number): NDArray {
  const { dtype, shape: [, ...shape] } = portions[0]!.array;
  const width = sizeOf(shape), result = new NDArray(dtype, [rows, ...shape]);
  for (const { array, places } of portions) {
    // One element type on both sides, which the union of them all can't say.
    const [from, to] = [array.data, result.data] as unknown as [Float32Array, Float32Array];
    places.forEach((place, row) => {
      if (width === 1) to[place] = from[row]!;
      else to.set(from.subarray(row * width, (row + 1) * width), place * width);
    });
  }
  return result;
}

function checkAlike(portions: readonly Portion[], part: "input" | "target"): void {
  const look = ({ batch }: Portion) => `${batch[part].dtype} [${batch[part].shape.slice(1)}]`;
  const [first, ...others] = portions, other = others.find((portion) => look(portion) !== look(first!));
  if (other === undefined) return;
  throw new TypeError(
    `Cannot put items together: the ${part} is ${look(first!)} in ${first!.name} and ${
      look(other)
    } in ${other.name}; make them alike, as by a MapDataset`,
  );
}

/** Groups places by a key that tells where their items come from. */
export function groupPlaces<K>(length: number, keyOf: (place: number) => K): Map<K, number[]> {
  const groups = new Map<K, number[]>();
  for (let place = 0; place < length; place++) {
    const key = keyOf(place), group = groups.get(key);
    if (group === undefined) groups.set(key, [place]);
    else group.push(place);
  }
  return groups;
}

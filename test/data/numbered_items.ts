import { ArrayDataset } from "../../src/data/array_dataset.ts";
import type { Batch } from "../../src/data/batch.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import "../../src/data/datasets.ts"; // so that a configuration can name them
import { NDArray } from "../../src/module/ndarray.ts";

/** Items from a number on: each has itself and its negative as input, and itself as its class. */
export function numbered(size: number, from = 0, classes = 1000): ArrayDataset {
  const own = Array.from({ length: size }, (_, i) => from + i);
  const input = new NDArray("float32", [size, 2], own.flatMap((i) => [i, -i]));
  return new ArrayDataset({ input, target: new NDArray("int32", [size], own), classes });
}

/** The numbers of all items, one by one. */
export const numbersOf = (dataset: Dataset, pass = 0): number[] =>
  Array.from({ length: dataset.size }, (_, i) => Number(dataset.get(i, pass).input.data[0]));

/** The numbers of the items of a batch. */
export const numbersIn = ({ input, size }: Batch): number[] => {
  const width = input.size / size;
  return Array.from({ length: size }, (_, i) => Number(input.data[i * width]));
};

/** The numbers in each batch, up to so many batches. */
export async function batchesOf(batches: AsyncIterable<Batch>, most = Infinity): Promise<string[]> {
  const found: string[] = [];
  if (most === 0) return found;
  for await (const batch of batches) if (found.push(`${numbersIn(batch)}`) === most) break;
  return found;
}

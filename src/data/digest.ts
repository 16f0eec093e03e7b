import { createHash, type Hash } from "node:crypto";
import { arrayTypes, isNDArray, type NDArray, sizeOf } from "../module/ndarray.ts";
import type { ArrayDescription, Item } from "./batch.ts";
import type { Dataset } from "./dataset.ts";

/** Up to how many bytes all items are looked at. */
const wholeLimit = 64 * 2 ** 20;
/** Of how many items the digest is when not all are looked at; and how many are gathered at a time. */
const looks = 256;

/** The sha256 of a head and of some items spread over all of a data set, first and last among them. */
export async function digestOfSome(dataset: Dataset, head: object): Promise<string> {
  const hash = begin(dataset, head), { size } = dataset;
  const count = Math.min(size, looks);
  for (let i = 0; i < count; i++) {
    const index = count === 1 ? 0 : Math.round(i * (size - 1) / (count - 1));
    const [{ input, target }] = await dataset.items([index]) as [Item];
    hash.update(`\n${index}\n`);
    addArray(hash, input);
    addTarget(hash, target);
  }
  return hash.digest("hex");
}

/** The sha256 of items in a list; of what is no item it sees only that. */
export function digestOfItems(items: readonly unknown[]): string {
  const hash = createHash("sha256");
  for (const item of items as readonly (Partial<Item> | null | undefined)[]) {
    hash.update("\n");
    if (isNDArray(item?.input)) addArray(hash, item.input);
    if (isNDArray(item?.target) || typeof item?.target === "number") addTarget(hash, item.target);
  }
  return hash.digest("hex");
}

/** The sha256 of a head and of all items where they take less than 64 MB, else of 256 spread over all. */
export async function digestOfAll(dataset: Dataset, head: object = {}): Promise<string> {
  const { input, target } = dataset.description;
  if (dataset.size * (bytesOf(input) + bytesOf(target)) >= wholeLimit) return await digestOfSome(dataset, head);
  const hash = begin(dataset, head);
  for (let start = 0; start < dataset.size; start += looks) {
    const length = Math.min(looks, dataset.size - start);
    const batch = await dataset.gather(Array.from({ length }, (_, i) => start + i));
    addArray(hash, batch.input);
    addArray(hash, batch.target);
  }
  return hash.digest("hex");
}

function begin(dataset: Dataset, head: object): Hash {
  const { input, target } = dataset.description;
  const look = ({ dtype, shape }: ArrayDescription) => [dtype, shape];
  const described = [head, dataset.size, look(input), look(target), target.classes ?? null];
  return createHash("sha256").update(JSON.stringify(described));
}

function addArray(hash: Hash, { dtype, shape, bytes }: NDArray): void {
  hash.update(`${dtype} [${shape}]`).update(bytes);
}

function addTarget(hash: Hash, target: Item["target"]): void {
  if (isNDArray(target)) addArray(hash, target);
  else hash.update(Float64Array.of(target));
}

const bytesOf = ({ dtype, shape }: ArrayDescription): number => sizeOf(shape) * arrayTypes[dtype].BYTES_PER_ELEMENT;

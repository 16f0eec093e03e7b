import { arrayTypes, NDArray, sizeOf } from "../../module/ndarray.ts";
import type { ArrayDescription, Batch, Description } from "../batch.ts";
import { mergeBatches } from "./merge_batches.ts";

/** How many rows lie in one piece of memory. */
const blockRows = 1024;

interface Block {
  readonly input: NDArray;
  readonly target: NDArray;
}

/** Items of one shape in memory, by their numbers, up to so many bytes. The first to come stay. */
export class RowStore {
  /** How many items fit. */
  readonly capacity: number;
  readonly #description: Description;
  readonly #blocks: Block[] = [];
  /** Where each item lies. */
  readonly #rows = new Map<number, number>();

  constructor(description: Description, bytes: number) {
    this.#description = description;
    this.capacity = Math.floor(bytes / Math.max(1, bytesOf(description.input) + bytesOf(description.target)));
  }

  get size(): number {
    return this.#rows.size;
  }

  has(i: number): boolean {
    return this.#rows.has(i);
  }

  /** Keeps the items of a batch, as many as fit. */
  keep(batch: Batch): void {
    for (let n = 0; n < batch.size && this.size < this.capacity; n++) {
      if (this.#rows.has(batch.index[n]!)) continue;
      const row = this.size, block = this.#blocks[Math.floor(row / blockRows)] ??= this.#newBlock(row);
      copyRow(batch.input, n, block.input, row % blockRows);
      copyRow(batch.target, n, block.target, row % blockRows);
      this.#rows.set(batch.index[n]!, row);
    }
  }

  /** Items that are all there, as a batch. */
  take(indices: ArrayLike<number>): Batch {
    const { input, target } = this.#description, size = indices.length;
    const taken = {
      input: new NDArray(input.dtype, [size, ...input.shape]),
      target: new NDArray(target.dtype, [size, ...target.shape]),
    };
    for (let n = 0; n < size; n++) {
      const row = this.#rows.get(indices[n]!)!, block = this.#blocks[Math.floor(row / blockRows)]!;
      copyRow(block.input, row % blockRows, taken.input, n);
      copyRow(block.target, row % blockRows, taken.target, n);
    }
    return { ...taken, size, index: Uint32Array.from(indices) };
  }

  /** Items of which some are not there, but in a batch. */
  takeWith(indices: ArrayLike<number>, batch: Batch): Batch {
    const known = Array.from(indices, (_, place) => place).filter((place) => this.#rows.has(indices[place]!));
    const others = Array.from(indices, (_, place) => place).filter((place) => !this.#rows.has(indices[place]!));
    const at = new Map(Array.from(batch.index, (i, row) => [i, row]));
    const rows = others.map((place) => at.get(indices[place]!)!);
    return mergeBatches([
      { batch: this.take(known.map((place) => indices[place]!)), places: known, name: "the cache" },
      { batch: pick(batch, rows), places: others, name: "the data set" },
    ], indices);
  }

  #newBlock(row: number): Block {
    const rows = Math.min(blockRows, this.capacity - row), { input, target } = this.#description;
    return {
      input: new NDArray(input.dtype, [rows, ...input.shape]),
      target: new NDArray(target.dtype, [rows, ...target.shape]),
    };
  }
}

/** Some rows of a batch; a row may come more than once. */
function pick({ input, target, index }: Batch, rows: readonly number[]): Batch {
  const picked = (array: NDArray) => {
    const result = new NDArray(array.dtype, [rows.length, ...array.shape.slice(1)]);
    rows.forEach((row, n) => copyRow(array, row, result, n));
    return result;
  };
  return {
    input: picked(input),
    target: picked(target),
    size: rows.length,
    index: Uint32Array.from(rows, (row) => index[row]!),
  };
}

function copyRow(from: NDArray, row: number, to: NDArray, at: number): void {
  const width = sizeOf(to.shape.slice(1));
  const [source, target] = [from.data, to.data] as unknown as [Float32Array, Float32Array];
  if (width === 1) target[at] = source[row]!;
  else target.set(source.subarray(row * width, (row + 1) * width), at * width);
}

const bytesOf = ({ shape, dtype }: ArrayDescription): number => sizeOf(shape) * arrayTypes[dtype].BYTES_PER_ELEMENT;

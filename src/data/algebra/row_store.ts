import { arrayTypes, type DType, isNDArray, NDArray, sizeOf } from "../../module/ndarray.ts";
import type { ArrayDescription, Batch, Description, Item } from "../batch.ts";
import { takeRow } from "../rows.ts";
import { copyOf } from "./copy_of.ts";
import { mergeBatches } from "./merge_batches.ts";

/** How many rows lie in one piece of memory. */
const blockRows = 1024;

interface Block {
  readonly input: NDArray;
  readonly target: NDArray;
}

/** Items in memory, by their numbers, up to so many bytes. The first to come stay. Batches are of those of one shape. */
export class RowStore {
  /** How many items fit. */
  readonly capacity: number;
  readonly #description: Description;
  readonly #bytes: number;
  readonly #rowBytes: number;
  readonly #blocks: Block[] = [];
  /** Where each item lies. */
  readonly #rows = new Map<number, number>();
  /** Items that look otherwise than described, and how many bytes they take. */
  readonly #odd = new Map<number, Item>();
  #oddBytes = 0;

  constructor(description: Description, bytes: number) {
    this.#description = description;
    this.#bytes = bytes;
    this.#rowBytes = Math.max(1, bytesOf(description.input) + bytesOf(description.target));
    this.capacity = Math.floor(bytes / this.#rowBytes);
  }

  get size(): number {
    return this.#rows.size + this.#odd.size;
  }

  /** Whether it has an item that may be part of a batch. */
  has(i: number): boolean {
    return this.#rows.has(i);
  }

  /** An item, copied; undefined where it isn't there. */
  item(i: number): Item | undefined {
    const row = this.#rows.get(i), odd = this.#odd.get(i);
    if (row === undefined) return odd && copyOf(odd);
    const block = this.#blocks[Math.floor(row / blockRows)]!, at = row % blockRows, target = takeRow(block.target, at);
    return {
      input: takeRow(block.input, at),
      target: this.#description.target.shape.length === 0 ? Number(target.data[0]) : target,
    };
  }

  /** Keeps an item, if it fits; gives it as it will be given from here, so that whether it was kept changes no bit. */
  keepItem(i: number, given: Item): Item {
    const item = settled(given, this.#description);
    if (this.#rows.has(i) || this.#odd.has(i)) return item;
    if (looksLike(item, this.#description)) {
      if (!this.#fits(this.#rowBytes)) return item;
      const row = this.#rows.size, block = this.#blockFor(row);
      setRow(item.input, block.input, row % blockRows);
      setRow(item.target, block.target, row % blockRows);
      this.#rows.set(i, row);
    } else {
      const bytes = bytesOf(item.input) + (typeof item.target === "number" ? 8 : bytesOf(item.target));
      if (!this.#fits(bytes)) return item;
      this.#odd.set(i, copyOf(item));
      this.#oddBytes += bytes;
    }
    return item;
  }

  /** Keeps the items of a batch, as many as fit. */
  keep(batch: Batch): void {
    for (let n = 0; n < batch.size && this.#fits(this.#rowBytes); n++) {
      if (this.#rows.has(batch.index[n]!)) continue;
      const row = this.#rows.size, block = this.#blockFor(row);
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

  #fits(bytes: number): boolean {
    return this.#rows.size * this.#rowBytes + this.#oddBytes + bytes <= this.#bytes;
  }

  #blockFor(row: number): Block {
    return this.#blocks[Math.floor(row / blockRows)] ??= this.#newBlock(row);
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

const asStored = (target: number, dtype: DType): number => new arrayTypes[dtype]([target] as never)[0] as number;

/** An item whose target, where it is a number, is one of the described dtype. */
function settled({ input, target }: Item, { target: { shape, dtype } }: Description): Item {
  const rounds = typeof target === "number" && shape.length === 0 && dtype.startsWith("float");
  return { input, target: rounds ? asStored(target, dtype) : target };
}

function looksLike({ input, target }: Item, description: Description): boolean {
  const isLike = (array: NDArray, { dtype, shape }: ArrayDescription) =>
    array.dtype === dtype && `${array.shape}` === `${shape}`;
  const { dtype, shape } = description.target;
  const isNumber = typeof target === "number" && shape.length === 0 && !dtype.endsWith("int64") &&
    Object.is(asStored(target, dtype), target);
  return isLike(input, description.input) && (isNDArray(target) ? isLike(target, description.target) : isNumber);
}

function setRow(part: Item["target"], to: NDArray, at: number): void {
  if (typeof part === "number") (to.data as Float32Array)[at] = part;
  else (to.data as Float32Array).set(part.data as Float32Array, at * part.size);
}

const bytesOf = ({ shape, dtype }: ArrayDescription): number => sizeOf(shape) * arrayTypes[dtype].BYTES_PER_ELEMENT;

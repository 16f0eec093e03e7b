import { arrayTypes, type DType, NDArray, sizeOf } from "../../module/ndarray.ts";
import { concatenated } from "../reading/concatenated.ts";
import { takeRow, takeRows } from "../rows.ts";
import { ScratchFile } from "../reading/scratch_file.ts";

/** What all rows have in common. */
interface Look {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/**
 * Rows of equal shape and dtype, taken in block by block: in memory up to a bound, then in a temporary file that is read
 * in parts and gone with the process.
 */
export class KeptRows {
  readonly #limit: number;
  readonly #name: string;
  #blocks: NDArray[] = [];
  #look: Look | undefined;
  #file: ScratchFile | undefined;
  #length = 0;

  /** @param limit most bytes in memory; @param name what it is, for messages */
  constructor(limit: number, name: string) {
    this.#limit = limit;
    this.#name = name;
  }

  get length(): number {
    return this.#length;
  }

  /** What a row looks like. */
  get look(): Look {
    return this.#look ?? { dtype: "float32", shape: [] };
  }

  /** Takes a block in, along its first dimension; leave it as it is. @throws {TypeError} rows that look otherwise */
  append(block: NDArray): void {
    const look = { dtype: block.dtype, shape: block.shape.slice(1) };
    this.#look ??= look;
    if (look.dtype !== this.#look.dtype || `${look.shape}` !== `${this.#look.shape}`) {
      const [wanted, found] = [this.#look, look].map(({ dtype, shape }) => `${dtype} [${shape.join(", ")}]`);
      throw new TypeError(
        `Cannot use ${this.#name}: item ${this.#length} is ${found}, those before it are ${wanted}; make all items alike`,
      );
    }
    this.#length += block.shape[0]!;
    this.#blocks.push(block);
    if (this.#file !== undefined || this.#length * this.#rowBytes > this.#limit) this.#spill();
  }

  /** Makes the rows ready to be asked for. */
  finish(): void {
    if (this.#file === undefined && this.#blocks.length > 1) this.#blocks = [concatenated(this.#blocks)];
  }

  /** One row, copied. */
  row(i: number): NDArray {
    if (this.#file === undefined) return takeRow(this.#blocks[0]!, i);
    return this.rows([i]).reshape(this.look.shape);
  }

  /** Some rows, copied, along a new first dimension. */
  rows(indices: ArrayLike<number>): NDArray {
    const { dtype, shape } = this.look;
    if (this.#file === undefined) {
      return this.#blocks.length === 0 ? new NDArray(dtype, [0, ...shape]) : takeRows(this.#blocks[0]!, indices);
    }
    const result = new NDArray(dtype, [indices.length, ...shape]), width = this.#rowBytes, { bytes } = result;
    for (let i = 0; i < indices.length; i++) {
      this.#file.read(bytes.subarray(i * width, (i + 1) * width), indices[i]! * width);
    }
    return result;
  }

  get #rowBytes(): number {
    return sizeOf(this.look.shape) * arrayTypes[this.look.dtype].BYTES_PER_ELEMENT;
  }

  #spill(): void {
    this.#file ??= new ScratchFile(this.#name);
    for (const { bytes } of this.#blocks) this.#file.append(bytes);
    this.#blocks = [];
  }
}

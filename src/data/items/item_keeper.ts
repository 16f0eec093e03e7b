import { isNDArray, NDArray, sizeOf } from "../../module/ndarray.ts";
import { quoted, suggest } from "../../module/text.ts";
import type { Value } from "../../module/value.ts";
import { isRows } from "../reading/columns.ts";
import { describe, isArrays } from "../reading/contents.ts";
import type { ItemOptions } from "./item_options.ts";
import { KeptRows } from "./kept_rows.ts";
import { RowReader } from "./row_items.ts";
import { type BuiltTargets, TargetBuilder } from "./target_builder.ts";

/** Items, all of them. */
export interface KeptItems {
  readonly input: KeptRows;
  readonly target: BuiltTargets;
}

/** The options, of which files may leave the target out. */
type KeeperOptions = Omit<ItemOptions, "target"> & { readonly target?: ItemOptions["target"] };

/** Takes in what is read, block by block, and keeps the items that it makes of it. */
export class ItemKeeper {
  readonly #whole: string;
  #name: string;
  readonly #options: KeeperOptions;
  readonly #input: KeptRows;
  readonly #target: TargetBuilder;
  readonly #rows: RowReader;

  /** @param name what is read, for messages: `"flowers.csv"`, `the rows` */
  constructor(name: string, options: KeeperOptions) {
    this.#whole = this.#name = name;
    this.#options = options;
    this.#input = new KeptRows(options.memory, `the input of ${name}`);
    this.#target = new TargetBuilder(options.memory, name, options.classes);
    this.#rows = new RowReader(name, { ...options, target: options.target ?? [] });
  }

  /** What comes next is of this file: messages name it, and count rows from its first one. */
  begin(file: string): void {
    this.#name = file;
    this.#rows.begin(file);
  }

  /** Rows, or a record of NDArrays, that have input and target. @throws {TypeError} anything else; {RangeError} no such name */
  take(block: Value): void {
    if (isRows(block)) return this.#takeRows(block);
    if (isNDArray(block)) {
      throw new TypeError(
        `Cannot use ${this.#name}: it holds one array, the input; set targetPath to a file of targets`,
      );
    }
    this.takeInput(block);
    const { target } = this.#options;
    if (target === undefined) {
      throw new TypeError(`Cannot use ${this.#name}: nothing says which of its arrays is the target; set target`);
    }
    this.#target.add(arrayIn(block, target, this.#name));
  }

  /** One array, or a record that has the input. */
  takeInput(block: Value): void {
    const { input, target } = this.#options;
    const others = isArrays(block) ? Object.keys(block).filter((key) => key !== target) : [];
    const single = input === undefined && others.length === 1 ? others[0] : input;
    this.#keepInput(arrayIn(block, single, this.#name));
  }

  /** One array, or a record that has the target. */
  takeTarget(block: Value): void {
    this.#target.add(arrayIn(block, this.#options.target, this.#name));
  }

  /** @throws {RangeError} more inputs than targets, or fewer; labels that are no classes */
  finish(): KeptItems {
    if (this.#input.length !== this.#target.length) {
      throw new RangeError(
        `Cannot use ${this.#whole}: there are ${this.#input.length} inputs and ${this.#target.length} targets; give one for each`,
      );
    }
    this.#input.finish();
    return { input: this.#input, target: this.#target.finish() };
  }

  #takeRows(rows: Parameters<RowReader["take"]>[0]): void {
    if (rows.length === 0) return;
    const { input, target } = this.#rows.take(rows);
    if (input.shape[0] === 0) return;
    this.#keepInput(input);
    this.#target.add(target);
  }

  #keepInput(array: NDArray): void {
    const { scale, shape } = this.#options;
    const scaled = scale === undefined ? array : scaledBy(array, scale);
    this.#input.append(shape === undefined ? scaled : reshaped(scaled, shape, this.#name));
  }
}

/** The array of a name; where there is but one array, that. */
function arrayIn(block: Value, name: string | readonly string[] | undefined, file: string): NDArray {
  const found = isNDArray(block) ? block : isArrays(block) ? named(block, name, file) : undefined;
  if (found === undefined) {
    throw new TypeError(`Cannot use ${file}: it holds ${describe(block)}; it takes rows, or arrays by name`);
  }
  if (found.shape.length > 0) return found;
  throw new RangeError(`Cannot use ${file}: the array has shape []; its first dimension should be the items`);
}

function named(arrays: Record<string, NDArray>, name: string | readonly string[] | undefined, file: string): NDArray {
  const keys = Object.keys(arrays), [only] = keys, wanted = typeof name === "string" ? name : name?.[0];
  if (wanted !== undefined && (typeof name === "string" || name!.length === 1)) {
    if (Object.hasOwn(arrays, wanted)) return arrays[wanted]!;
    throw new RangeError(`Cannot find the array "${wanted}" in ${file}: ${suggest(wanted, keys)}`);
  }
  if (name === undefined && keys.length === 1) return arrays[only!]!;
  throw new TypeError(
    `Cannot use ${file}: ${
      name === undefined ? "nothing says which of its arrays to take" : "several names stand for columns of a table"
    }; give the name of one array: known are ${quoted(keys)}`,
  );
}

/** The numbers of an array times a factor, as float32. */
export function scaledBy(array: NDArray, scale: number): NDArray {
  const data = new Float32Array(array.size);
  for (let i = 0; i < data.length; i++) data[i] = Number(array.data[i]) * scale;
  return new NDArray("float32", array.shape, data);
}

function reshaped(array: NDArray, shape: readonly number[], name: string): NDArray {
  const [items, ...item] = array.shape as [number, ...number[]];
  if (sizeOf(item) === sizeOf(shape)) return array.reshape([items, ...shape]);
  throw new RangeError(
    `Cannot use ${name}: an item's input has shape [${item.join(", ")}], ${sizeOf(item)} numbers; shape [${
      shape.join(", ")
    }] takes ${sizeOf(shape)}`,
  );
}

import { isNDArray, NDArray } from "../../module/ndarray.ts";
import { suggest } from "../../module/text.ts";
import type { Cell } from "../reading/columns.ts";
import { KeptRows } from "./kept_rows.ts";
import { labels } from "./labels.ts";
import { describeCell, numberOf } from "./row_items.ts";

/**
 * How many classes the targets are of, or the classes' names in their order; null for numbers that are no classes. By
 * default whole numbers are classes, and so are texts, whose names are sorted.
 */
export type ClassesOption = number | readonly string[] | null | undefined;

/** Targets, all of them. */
export interface BuiltTargets {
  readonly rows: KeptRows;
  readonly classes: number | undefined;
  /** The classes' names in their order, where they have some. */
  readonly names: readonly string[] | undefined;
}

/** Takes targets in block by block, and makes classes of those that are. */
export class TargetBuilder {
  readonly #name: string;
  readonly #classes: ClassesOption;
  readonly #arrays: KeptRows;
  /** Of single targets: numbers, or the places of texts among `#texts`. */
  readonly #numbers: number[] = [];
  readonly #texts = new Map<string, number>();

  /** @param limit most bytes of arrays in memory; @param name what they are of, for messages */
  constructor(limit: number, name: string, classes: ClassesOption) {
    this.#name = name;
    this.#classes = classes;
    this.#arrays = new KeptRows(limit, `the targets of ${name}`);
  }

  /** How many there are. */
  get length(): number {
    return Math.max(this.#numbers.length, this.#arrays.length);
  }

  /** @throws {TypeError} texts among numbers, or numbers among texts; arrays that look otherwise */
  add(targets: NDArray | readonly Cell[]): void {
    if (isNDArray(targets)) return this.#arrays.append(targets);
    for (const cell of targets) this.#numbers.push(typeof cell === "string" ? this.#text(cell) : this.#number(cell));
  }

  /** All of them, as they are trained on. @throws {RangeError} what is none of the classes */
  finish(): BuiltTargets {
    this.#arrays.finish();
    if (this.#texts.size > 0) return this.#named();
    const numbers = this.#numbers.length > 0 ? arrayOf(this.#numbers, this.#classes === null) : this.#singles();
    if (numbers === undefined || this.#classes === null) {
      if (numbers === undefined && this.#classes !== undefined && this.#classes !== null) {
        labels(new NDArray("float32", [0, ...this.#arrays.look.shape]), this.#count); // says why not
      }
      return { rows: numbers === undefined ? this.#arrays : kept(numbers), classes: undefined, names: undefined };
    }
    const { array, classes } = labels(numbers, this.#count);
    return { rows: kept(array), classes, names: Array.isArray(this.#classes) ? this.#classes : undefined };
  }

  get #count(): number | undefined {
    return Array.isArray(this.#classes) ? this.#classes.length : this.#classes as number | undefined;
  }

  /** Arrays of one number an item. */
  #singles(): NDArray | undefined {
    if (this.#arrays.look.shape.length > 0) return undefined;
    const whole = this.#arrays.rows(Array.from({ length: this.#arrays.length }, (_, i) => i));
    return this.#classes === null ? arrayOf(Array.from(whole.data, Number), true) : whole;
  }

  #text(text: string): number {
    if (this.#texts.size === 0 && this.#numbers.length > 0) throw this.#mixed(text);
    if (this.#classes === null) throw this.#refuse(text, "a number is wanted, for classes is null; leave classes out");
    if (Array.isArray(this.#classes) && !this.#classes.includes(text)) {
      throw this.#refuse(text, `it is none of the classes; ${suggest(text, this.#classes)}`, RangeError);
    }
    const place = this.#texts.get(text) ?? this.#texts.size;
    this.#texts.set(text, place);
    return place;
  }

  #number(cell: Cell): number {
    if (this.#texts.size > 0) throw this.#mixed(cell);
    return numberOf(cell, () => `target ${this.#numbers.length + 1} of ${this.#name}`);
  }

  #named(): BuiltTargets {
    const names = Array.isArray(this.#classes) ? this.#classes : [...this.#texts.keys()].sort();
    if (typeof this.#classes === "number" && names.length > this.#classes) {
      throw new RangeError(
        `Cannot use ${this.#name}: its targets have ${names.length} different texts, classes says ${this.#classes}; set classes to fit, or leave it out`,
      );
    }
    const places = new Int32Array([...this.#texts.keys()].map((text) => names.indexOf(text)));
    const array = new NDArray(
      "int32",
      [this.#numbers.length],
      Int32Array.from(this.#numbers, (place) => places[place]!),
    );
    return { rows: kept(array), classes: Math.max(names.length, this.#count ?? 0), names };
  }

  #mixed = (cell: Cell): TypeError =>
    this.#refuse(cell, "those before it are of another kind; make all texts or all numbers");

  #refuse(cell: Cell, why: string, type: ErrorConstructor = TypeError): Error {
    return new type(
      `Cannot use target ${this.#numbers.length + 1} of ${this.#name}: it is ${describeCell(cell)}; ${why}`,
    );
  }
}

/** Numbers as an array: int32 when all of them are such, and that is not unwanted; else float32. */
function arrayOf(numbers: readonly number[], float: boolean): NDArray {
  const whole = !float && numbers.every((number) => number === (number | 0));
  return new NDArray(whole ? "int32" : "float32", [numbers.length], numbers);
}

function kept(array: NDArray): KeptRows {
  const rows = new KeptRows(Infinity, "the targets");
  rows.append(array);
  rows.finish();
  return rows;
}

import type { SchemaTree } from "hyparquet";
import { isListLike } from "hyparquet/src/schema.js";
import { arrayTypes, type DType, NDArray } from "../../module/ndarray.ts";
import type { Value } from "../../module/value.ts";
import { damaged } from "./damage.ts";
import type { Cursor } from "./flat_cursor.ts";
import { cellOf } from "./list_cell.ts";
import type { Page } from "./pages.ts";

type Numbers = Float64Array; // stands for every kind of numbers, which the union of them can't say

/** Whether a column's cells are lists of single values. */
export const isSimpleList = (column: SchemaTree): boolean =>
  isListLike(column) && column.children[0]!.children[0]!.children.length === 0 &&
  column.children[0]!.children[0]!.element.repetition_type !== "REPEATED";

/** A column of lists of numbers: a cell is an NDArray; a list with a missing number among them; null for no list. */
export function listCursor(pages: AsyncGenerator<Page>, column: SchemaTree, dtype: DType): Cursor {
  const cells = cellsOf(pages, levelsOf(column), dtype);
  const next = async (rows: number) => {
    const found: Value[] = new Array(rows);
    for (let i = 0; i < rows; i++) {
      const { done, value } = await cells.next();
      if (done) throw damaged("fewer rows than were announced");
      found[i] = value;
    }
    return found;
  };
  const end = async () => {
    if (!(await cells.next()).done) throw damaged("more rows than were announced");
  };
  return { next, end };
}

/** From which definition level on there is a list, an item, and a number. */
interface Levels {
  readonly list: number;
  readonly item: number;
  readonly number: number;
}

function levelsOf(column: SchemaTree): Levels {
  const isOptional = ({ element }: SchemaTree) => element.repetition_type === "OPTIONAL" ? 1 : 0;
  const list = isOptional(column), item = list + 1;
  return { list, item, number: item + isOptional(column.children[0]!.children[0]!) };
}

async function* cellsOf(pages: AsyncGenerator<Page>, levels: Levels, dtype: DType): AsyncGenerator<Value> {
  let open: OpenList | undefined; // a list may go on in the next page
  for await (const { count, values, definitions, repetitions } of pages) {
    if (definitions === undefined || repetitions === undefined) throw damaged("lists without their lengths");
    const numbers = new arrayTypes[dtype](values.length) as Numbers;
    numbers.set(values as Numbers); // the page's, of which its lists are parts
    for (let from = 0, value = 0; from < count;) {
      if (repetitions[from] === 0) {
        if (open !== undefined) yield open.cell;
        open = new OpenList(dtype);
      } else if (open === undefined) throw damaged("a list that goes on before it begins");
      let to = from + 1;
      while (to < count && repetitions[to] !== 0) to++;
      value += open.take(numbers, value, definitions.subarray(from, to), levels);
      from = to;
    }
  }
  if (open !== undefined) yield open.cell;
}

/** A list that is being read. */
class OpenList {
  readonly #dtype: DType;
  #parts: Numbers[] = [];
  #gaps: number[] = [];
  #length = 0;
  #isThere = true;

  constructor(dtype: DType) {
    this.#dtype = dtype;
  }

  /** Takes items, by their levels; gives back how many values these were. */
  take(numbers: Numbers, from: number, definitions: Uint8Array | Uint32Array, levels: Levels): number {
    let present = 0;
    for (let i = 0; i < definitions.length; i++) if (definitions[i] === levels.number) present++;
    if (present < definitions.length) this.#noteGaps(definitions, levels);
    else this.#length += present;
    this.#parts.push(numbers.subarray(from, from + present));
    return present;
  }

  get cell(): Value {
    if (!this.#isThere) return null;
    const numbers = this.#numbers;
    if (this.#gaps.length === 0) return new NDArray(this.#dtype, [numbers.length], numbers);
    const cells: Value[] = new Array(this.#length), gaps = new Set(this.#gaps);
    for (let i = 0, next = 0; i < cells.length; i++) {
      cells[i] = gaps.has(i) ? null : cellOf(this.#item(numbers, next++));
    }
    return cells;
  }

  #noteGaps(definitions: Uint8Array | Uint32Array, { list, item, number }: Levels): void {
    for (const level of definitions) {
      if (level < list) this.#isThere = false;
      else if (level >= item && level < number) this.#gaps.push(this.#length++);
      else if (level === number) this.#length++;
    }
  }

  #item(numbers: Numbers, i: number): unknown {
    return this.#dtype === "bool" ? numbers[i] === 1 : numbers[i];
  }

  get #numbers(): Numbers {
    if (this.#parts.length === 1) return this.#parts[0]!;
    const size = this.#parts.reduce((sum, { length }) => sum + length, 0);
    const numbers = new arrayTypes[this.#dtype](size) as Numbers;
    let at = 0;
    for (const part of this.#parts) {
      numbers.set(part, at);
      at += part.length;
    }
    return numbers;
  }
}

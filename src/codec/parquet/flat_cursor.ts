import { arrayTypes, type DType, NDArray } from "../../module/ndarray.ts";
import type { Value } from "../../module/value.ts";
import { type Cells, cellsOf } from "../table.ts";
import { damaged } from "./damage.ts";
import { cellOf } from "./list_cell.ts";
import type { Page } from "./pages.ts";

/** A column from front to back, some rows at a time. */
export interface Cursor {
  /** The cells of the next rows: just so many. @throws {SyntaxError} there are fewer; damaged ones */
  next(rows: number): Promise<Cells>;
  /** @throws {SyntaxError} there are more */
  end(): Promise<void>;
}

/** A column with a single value in a row: numbers of an element type; or, without one, cells one by one. */
export function flatCursor(pages: AsyncGenerator<Page>, dtype: DType | undefined): Cursor {
  let page: Page | undefined, row = 0, value = 0;
  const turn = async (): Promise<Page | undefined> => {
    while (page === undefined || row === page.count) {
      const { done, value: next } = await pages.next();
      if (done) return undefined;
      [page, row, value] = [next, 0, 0];
    }
    return page;
  };
  const next = async (rows: number): Promise<Cells> => {
    const into = dtype === undefined ? new Cell(rows) : new Numbers(dtype, rows);
    for (let at = 0; at < rows;) {
      const current = await turn();
      if (current === undefined) throw damaged("fewer rows than were announced");
      const count = Math.min(rows - at, current.count - row);
      value += into.put(at, count, current, row, value);
      row += count;
      at += count;
    }
    return into.cells;
  };
  const end = async () => {
    if (await turn() !== undefined) throw damaged("more rows than were announced");
  };
  return { next, end };
}

/** Takes numbers of pages. */
class Numbers {
  readonly #numbers: NDArray;
  readonly #missing: Uint8Array;
  #gaps = 0;

  constructor(dtype: DType, rows: number) {
    this.#numbers = new NDArray(dtype, [rows], new arrayTypes[dtype](rows));
    this.#missing = new Uint8Array(rows);
  }

  /** Puts some rows of a page, from a row and its value on; gives back how many values these were. */
  put(at: number, count: number, { values, definitions }: Page, row: number, value: number): number {
    const data = this.#numbers.data as Float64Array; // any numbers of the kind, which the union of them can't say
    if (definitions === undefined) {
      data.set((values as Float64Array).slice(value, value + count), at);
      return count;
    }
    let next = value;
    for (let i = 0; i < count; i++) {
      if (definitions[row + i] === 0) this.#gaps += this.#missing[at + i] = 1;
      else data[at + i] = values[next++] as number;
    }
    return next - value;
  }

  get cells(): Cells {
    if (this.#gaps === 0) return this.#numbers;
    return Array.from(cellsOf(this.#numbers), (cell, i) => this.#missing[i] ? null : cell);
  }
}

/** Takes texts, dates, ... of pages. */
class Cell {
  readonly cells: Value[];

  constructor(rows: number) {
    this.cells = new Array(rows);
  }

  put(at: number, count: number, { values, definitions }: Page, row: number, value: number): number {
    let next = value;
    for (let i = 0; i < count; i++) {
      const isMissing = definitions !== undefined && definitions[row + i] === 0;
      this.cells[at + i] = isMissing ? null : cellOf(values[next++]);
    }
    return next - value;
  }
}

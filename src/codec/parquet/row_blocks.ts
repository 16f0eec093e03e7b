import type { SchemaTree } from "hyparquet";
import { type Cells, type Columns, type Row, toRows } from "../table.ts";
import { Budget } from "./budget.ts";
import { readColumn } from "./column.ts";
import { damaged } from "./damage.ts";
import { type ParquetFile, pathKey, type RowGroup } from "./file.ts";
import { type Cursor, flatCursor } from "./flat_cursor.ts";
import { dtypeOf, leafAt } from "./leaf.ts";
import { isSimpleList, listCursor } from "./list_cursor.ts";
import { streamPages } from "./stream_pages.ts";

/** About as many bytes as a block's rows take, and what a cell takes at least. */
const blockBytes = 2 ** 23, cellBytes = 128;

/**
 * Rows in blocks, a page of each column in memory at a time; columns of records, of texts in lists and of lists in lists
 * are read a group of rows at a time.
 *
 * @throws {SyntaxError} damaged data, naming the column
 */
export async function* rowBlocks(
  file: ParquetFile,
  columns: readonly SchemaTree[],
  rows: number | undefined,
): AsyncGenerator<Row[]> {
  const step = rows ?? rowsOfBlock(file, columns);
  let waiting: Row[] = [];
  for (const group of file.groups) {
    const cursors = columns.map((column) => [column.element.name, cursorOf(file, group, column)] as const);
    for (let row = 0; row < group.rows;) {
      const count = Math.min(group.rows - row, step - waiting.length), read: Columns = {};
      for (const [name, cursor] of cursors) define(read, name, await cursor.next(count));
      const found = toRows(read);
      waiting = waiting.length === 0 ? found : waiting.concat(found);
      row += count;
      if (waiting.length < step) continue;
      yield waiting;
      waiting = [];
    }
    for (const [, cursor] of cursors) await cursor.end();
  }
  if (waiting.length > 0) yield waiting;
}

function rowsOfBlock({ groups, rows }: ParquetFile, columns: readonly SchemaTree[]): number {
  const names = new Set(columns.map(({ element }) => element.name));
  const chunks = groups.flatMap(({ chunks }) => [...chunks.values()]).filter(({ path_in_schema: [name] }) =>
    names.has(name!)
  );
  const bytes = chunks.reduce((sum, chunk) => sum + Number(chunk.total_uncompressed_size), 0);
  const ofRow = Math.max(cellBytes * Math.max(1, columns.length), bytes / Math.max(1, rows));
  return Math.max(1, Math.floor(blockBytes / ofRow));
}

function cursorOf(file: ParquetFile, group: RowGroup, column: SchemaTree): Cursor {
  const cursor = pagedCursor(file, group, column) ?? groupCursor(file, group, column);
  const named = async <T>(read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (cause) {
      throw named.error(cause as Error);
    }
  };
  named.error = (cause: Error) => {
    if (cause instanceof RangeError && cause.message.startsWith("Cannot read")) return cause;
    const why = cause.message.replace(/^Cannot read parquet: (column ".*?": )?/, "");
    return new SyntaxError(`Cannot read parquet: column "${column.element.name}": ${why}`, { cause });
  };
  return { next: (rows) => named(() => cursor.next(rows)), end: () => named(() => cursor.end()) };
}

/** Of a column of single values, or of lists of numbers. */
function pagedCursor({ schema, source }: ParquetFile, group: RowGroup, column: SchemaTree): Cursor | undefined {
  const path = [schema, column];
  while (path.at(-1)!.children.length === 1) path.push(path.at(-1)!.children[0]!);
  const isFlat = column.children.length === 0 && column.element.repetition_type !== "REPEATED";
  const leaf = leafAt(path), dtype = dtypeOf(leaf.element);
  if (!isFlat && !(isSimpleList(column) && dtype !== undefined && leaf.isRaw)) return undefined;
  const chunk = group.chunks.get(pathKey(leaf.path.at(-1)!.path));
  if (chunk === undefined) throw damaged(`no data for the column "${column.element.name}"`);
  const pages = streamPages(source, chunk, leaf);
  return isFlat ? flatCursor(pages, dtype) : listCursor(pages, column, dtype!);
}

/** Of any other column: read whole. */
function groupCursor(whole: ParquetFile, group: RowGroup, column: SchemaTree): Cursor {
  const file = { ...whole, budget: new Budget(whole.source.size) }; // one for each group: one is in memory at a time
  let all: Promise<Cells> | undefined, at = 0;
  const load = async () => (await readColumn(file, group, column) as { cells: Cells }).cells;
  const next = async (rows: number) => (await (all ??= load()) as []).slice(at, at += rows);
  return { next, end: () => Promise.resolve() };
}

/** Sets a column, also one named `__proto__`. */
const define = (columns: Columns, name: string, value: Cells): void =>
  void Object.defineProperty(columns, name, { value, enumerable: true, configurable: true, writable: true });

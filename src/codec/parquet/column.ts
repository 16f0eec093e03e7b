import type { SchemaTree } from "hyparquet";
import { assembleLists, assembleNested } from "hyparquet/src/assemble.js";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { getMaxDefinitionLevel } from "hyparquet/src/schema.js";
import { arrayTypes, type DType, NDArray, type TypedArray } from "../../module/ndarray.ts";
import type { Value } from "../../module/value.ts";
import { damaged } from "./damage.ts";
import { type Chunk, type ParquetFile, pathKey, rangeOf, type RowGroup } from "./file.ts";
import { kindOf } from "./kind.ts";
import { dtypeOf, leafAt } from "./leaf.ts";
import { cellOf } from "./list_cell.ts";
import { type Leaf, type Page, readPages } from "./pages.ts";

/** A column of some rows: numbers, and which of them are missing; or cells one by one. */
export type Column = { readonly numbers: NDArray; readonly missing?: Uint8Array } | { readonly cells: Value[] };

/**
 * Reads a column of a group of rows.
 *
 * @param into where its numbers are to lie
 * @throws {SyntaxError} damaged data, naming the column
 */
export async function readColumn(
  file: ParquetFile,
  group: RowGroup,
  column: SchemaTree,
  into?: TypedArray,
): Promise<Column> {
  const { name } = column.element;
  try {
    return await (isFlat(column) ? readFlat(file, group, column, into) : readNested(file, group, column));
  } catch (cause) {
    if (cause instanceof RangeError && cause.message.startsWith("Cannot read")) throw cause;
    const why = (cause as Error).message.replace("Cannot read parquet: ", "");
    throw new SyntaxError(`Cannot read parquet: column "${name}": ${why}`, { cause });
  }
}

/** Whether a column has a single value in a row. */
export const isFlat = ({ children, element }: SchemaTree): boolean =>
  children.length === 0 && element.repetition_type !== "REPEATED";

async function readFlat(file: ParquetFile, group: RowGroup, column: SchemaTree, into?: TypedArray): Promise<Column> {
  const leaf = leafAt([file.schema, column]), dtype = dtypeOf(column.element);
  const pages = pagesOf(file, chunkAt(group, column.path), leaf, group.rows);
  return dtype === undefined
    ? { cells: await readCells(pages, group.rows) }
    : await readNumbers(pages, group.rows, dtype, into);
}

async function readNumbers(pages: AsyncGenerator<Page>, rows: number, dtype: DType, into?: TypedArray) {
  // Any page's numbers can be put into any numbers of their kind, which the union of them all can't say.
  const numbers = (into ?? new arrayTypes[dtype](rows)) as Float64Array;
  let missing: Uint8Array | undefined, at = 0;
  for await (const { count, values, definitions } of pages) {
    if (at + count > rows) throw damaged(`more than ${rows} rows`);
    if (definitions === undefined) numbers.set(values as Float64Array, at);
    else {
      missing ??= new Uint8Array(rows);
      for (let i = 0, next = 0; i < count; i++) {
        if (definitions[i] === 0) missing[at + i] = 1;
        else numbers[at + i] = values[next++] as number;
      }
    }
    at += count;
  }
  if (at !== rows) throw damaged(`${at} rows where ${rows} were announced`);
  return { numbers: new NDArray(dtype, [rows], numbers), ...(missing === undefined ? {} : { missing }) };
}

async function readCells(pages: AsyncGenerator<Page>, rows: number): Promise<Value[]> {
  const cells: Value[] = [];
  for await (const { count, values, definitions } of pages) {
    for (let i = 0, next = 0; i < count; i++) {
      cells.push(definitions !== undefined && definitions[i] === 0 ? null : cellOf(values[next++]));
    }
  }
  if (cells.length !== rows) throw damaged(`${cells.length} rows where ${rows} were announced`);
  return cells;
}

/** Lists and records, by hyparquet. */
async function readNested(file: ParquetFile, group: RowGroup, column: SchemaTree): Promise<Column> {
  const parts = new Map<string, unknown[]>();
  for (const path of leavesOf([file.schema, column])) {
    const leaf = leafAt(path), chunk = chunkAt(group, path.at(-1)!.path);
    const most = getMaxDefinitionLevel(path), list: unknown[] = [];
    for await (const page of pagesOf(file, chunk, leaf, file.source.size * 8)) {
      const definitions = page.definitions ?? new Uint8Array(page.count).fill(most);
      const [levels, lists] = [definitions, page.repetitions ?? []].map((one) => Array.from(one));
      assembleLists(list, levels, lists!, page.values as unknown[], path);
    }
    parts.set(path.at(-1)!.path.join("."), list);
  }
  if (column.children.length > 0) assembleNested(parts, column, DEFAULT_PARSERS);
  const found = parts.get(column.path.join("."));
  if (group.rows > 0 && found?.length !== group.rows) {
    throw damaged(`${found?.length} rows where ${group.rows} were announced`);
  }
  const kind = kindOf(column);
  return { cells: group.rows === 0 ? [] : found!.map((cell) => cellOf(cell, kind)) };
}

async function* pagesOf({ source, budget }: ParquetFile, chunk: Chunk, leaf: Leaf, most: number): AsyncGenerator<Page> {
  const count = Number(chunk.num_values);
  if (count > most) throw damaged(`${count} values where at most ${most} can be`);
  yield* readPages(await source.read(...rangeOf(chunk)), chunk, leaf, budget);
}

function chunkAt(group: RowGroup, path: readonly string[]): Chunk {
  const chunk = group.chunks.get(pathKey(path));
  if (chunk === undefined) throw damaged("no data for it");
  return chunk;
}

function leavesOf(path: SchemaTree[]): SchemaTree[][] {
  const { children } = path.at(-1)!;
  return children.length === 0 ? [path] : children.flatMap((child) => leavesOf([...path, child]));
}

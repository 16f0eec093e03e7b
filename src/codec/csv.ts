import { Buffer } from "node:buffer";
import { pipeline, Readable } from "node:stream";
import { type CastingContext, type Options, parse as parser } from "csv-parse";
import { parse as parseSync } from "csv-parse/sync";
import type { ByteSource } from "../module/byte_source.ts";
import type { BlockOptions, Codec } from "../module/codec.ts";
import type { Value } from "../module/value.ts";
import { plain, quoted, readCell, writeCell } from "./csv_cell.ts";
import { cellsOf, repeated, type Row, toColumns } from "./table.ts";
import { brief, decodeText } from "./values.ts";

/** A line's cells, and which line it ended with. */
interface Line {
  readonly record: Value[];
  readonly info: { readonly lines: number };
}

/** Rows of a block of about 8 MiB. */
const blockCells = 2 ** 17, pieceBytes = 2 ** 20;

/**
 * Rows as comma-separated values (RFC 4180), the first line the names. Cells without quotes mean what {@linkcode readCell}
 * says; in quotes they are text, so that text that looks like a number is written in quotes. A lone bigint comes back as a
 * number where it is at most 2^53. csv-parse reads.
 *
 * @example
 * ```ts
 * import { codecFor } from "ptutils";
 * const csv = await codecFor("scores.csv");
 * const bytes = await csv.stringify([{ name: "7", score: 0.5 }, { name: "b", score: null }]);
 * if (new TextDecoder().decode(bytes) !== 'name,score\n"7",0.5\nb,\n') throw new Error("unexpected");
 * ```
 */
export const csv: Codec = separatedBy(",");

/** The same with tabs. */
export const tsv: Codec = separatedBy("\t");

function separatedBy(separator: string): Codec {
  const options: Options = {
    delimiter: separator,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true, // checked here, with a better word for it
    info: true,
    cast: (text: string, { quoting, records }: CastingContext) => quoting || records === 0 ? text : readCell(text),
  };
  return {
    holds: "rows",
    parse: (bytes) => {
      const table = new Table(), text = decodeText(bytes, "csv");
      checkSeparator(text, separator);
      return lines(text, options).flatMap((line) => table.rowOf(line) ?? []);
    },
    stringify: (value) => stringify(value, separator),
    blocks: (source, how) => blocks(source, options, separator, how),
  };
}

function lines(text: string, options: Options): Line[] {
  try {
    return parseSync(text, options) as unknown as Line[];
  } catch (cause) {
    throw wrong(cause);
  }
}

async function* blocks(
  source: ByteSource,
  options: Options,
  separator: string,
  { rows, only }: BlockOptions = {},
): AsyncGenerator<Row[]> {
  const found = pipeline(Readable.from(texts(source, separator)), parser(options), () => {}) as AsyncIterable<Line>;
  const table = new Table(only);
  let block: Row[] = [];
  try {
    for await (const line of found) {
      const row = table.rowOf(line);
      if (row === undefined) continue;
      block.push(row);
      if (block.length < (rows ?? blockCells / table.width)) continue;
      yield block;
      block = [];
    }
  } catch (cause) {
    throw wrong(cause);
  }
  if (block.length > 0) yield block;
}

const separators: ReadonlyMap<string, string> = new Map([[",", "commas"], [";", "semicolons"], ["\t", "tabs"], [
  "|",
  "bars",
]]);

/**
 * @throws {SyntaxError} a first line that is separated otherwise, and would be one name; our own have such a name in quotes
 */
function checkSeparator(text: string, separator: string): void {
  const end = text.search(/[\r\n]/), line = end < 0 ? text : text.slice(0, end);
  const other = /[,;\t|]/.exec(line)?.[0];
  if (other === undefined || line.includes(separator) || line.includes('"')) return;
  throw new SyntaxError(
    `Cannot read csv: the first line, ${JSON.stringify(brief(line))}, is separated by ${separators.get(other)}, not ` +
      `by ${separators.get(separator)}; save it with commas as .csv, with tabs as .tsv, or put its one name in quotes`,
  );
}

/** The file's text, piece by piece. */
async function* texts(source: ByteSource, separator: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let at = 0; at < source.size; at += pieceBytes) {
    const bytes = await source.read(at, at + pieceBytes);
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: at + pieceBytes < source.size });
    } catch (cause) {
      throw new SyntaxError("Cannot read csv: the bytes are not UTF-8 text; save the file as UTF-8", { cause });
    }
    if (at === 0) checkSeparator(text, separator);
    if (text !== "") yield text;
  }
}

/** Gives lines the names of the first. */
class Table {
  #names: string[] | undefined;
  readonly #only: readonly string[] | undefined;

  constructor(only?: readonly string[]) {
    this.#only = only;
  }

  get width(): number {
    return this.#names?.length ?? 1;
  }

  /** The line's row; none for the names, nor for an empty line between rows of several cells. */
  rowOf({ record, info }: Line): Row | undefined {
    if (this.#names === undefined) return void (this.#names = namesIn(record as string[]));
    const names = this.#names, cells = record.length;
    if (cells === 1 && record[0] === null && names.length > 1) return undefined;
    if (cells !== names.length) {
      throw new SyntaxError(
        `Cannot read csv: line ${info.lines} has ${cells} cells, the first line has ${names.length} names; mend the line`,
      );
    }
    const row: Row = {};
    for (const [i, name] of names.entries()) {
      if (this.#only?.includes(name) === false) continue;
      if (name !== "__proto__") row[name] = record[i]!;
      else Object.defineProperty(row, name, { value: record[i], enumerable: true, writable: true, configurable: true });
    }
    return row;
  }
}

function namesIn(names: string[]): string[] {
  const twice = repeated(names);
  if (twice === undefined) return names;
  throw new SyntaxError(`Cannot read csv: the first line names "${twice}" twice; give each column a name of its own`);
}

function stringify(value: Value, separator: string): Uint8Array {
  const columns = Object.entries(toColumns(value, "csv")).map(([name, cells]) => ({ name, cells: cellsOf(cells) }));
  if (columns.length === 0) return new Uint8Array();
  const names = columns.map(({ name }) => {
    if (name.isWellFormed()) return name === "" || /[,;|\t]/.test(name) ? quoted(name) : plain(name, separator);
    throw new TypeError(`Cannot write csv: the name "${name}" holds half a character; rename it`);
  });
  const lines = [names.join(separator)];
  for (let i = 0; i < columns[0]!.cells.length; i++) {
    const cells = columns.map(({ name, cells }) => writeCell(cells[i]!, separator, `"${name}" of row ${i}`));
    lines.push(cells.join(separator));
  }
  return new Uint8Array(Buffer.from(lines.join("\n") + "\n"));
}

function wrong(cause: unknown): Error {
  const error = cause as Error & { lines?: number };
  if (/^Cannot read /.test(error.message)) return error;
  return new SyntaxError(`Cannot read csv: ${error.message}; cells with quotes or line ends are in quotes`, { cause });
}

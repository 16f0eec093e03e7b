import type { ColumnMetaData, FileMetaData, SchemaTree } from "hyparquet";
import { parquetMetadata, parquetSchema } from "hyparquet";
import type { ByteSource } from "../../module/byte_source.ts";
import { Budget } from "./budget.ts";
import { checkThrift } from "./check_thrift.ts";
import { repeated } from "../table.ts";
import { damaged } from "./damage.ts";

/** What a file says of a column's values in a group of rows. */
export type Chunk = ColumnMetaData;

/** Some rows of the file, with where their columns lie. */
export interface RowGroup {
  readonly rows: number;
  /** By where they are in the schema: see `pathKey`. */
  readonly chunks: ReadonlyMap<string, Chunk>;
}

/** A path in the schema as a key. */
export const pathKey = (path: readonly string[]): string => path.join("\0");

/** What a parquet file says of itself. */
export interface ParquetFile {
  readonly source: ByteSource;
  /** The columns; those with children hold lists or records. */
  readonly columns: readonly SchemaTree[];
  readonly schema: SchemaTree;
  readonly groups: readonly RowGroup[];
  readonly rows: number;
  /** What is read whole comes out of it. */
  readonly budget: Budget;
}

const mark = 0x31524150; // "PAR1"
const mostGroups = 500;

/** Reads what stands at the end of the file. @throws {SyntaxError} bytes that are not parquet, or are damaged */
export async function openParquet(source: ByteSource): Promise<ParquetFile> {
  const { size } = source, end = await source.read(Math.max(0, size - 8), size);
  const view = new DataView(end.buffer);
  if (end.length < 8 || view.getUint32(4, true) !== mark) {
    throw new SyntaxError(
      "Cannot read parquet: it does not end as a parquet file; it is cut off, encrypted or another",
    );
  }
  const length = view.getUint32(0, true);
  if (length > size - 12) throw damaged(`a description of ${length} bytes in a file of ${size}`);
  const footer = await source.read(size - 8 - length, size);
  checkThrift(footer.subarray(0, length), 0);
  try {
    return described(source, parquetMetadata(footer, { geoparquet: false }));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw cause;
    throw damaged(`a description that makes no sense: ${(cause as Error).message}`, cause);
  }
}

function described(source: ByteSource, metadata: FileMetaData): ParquetFile {
  const inner = metadata.schema.filter(({ num_children }) => num_children !== undefined && num_children !== 0);
  if (inner.length > mostGroups) throw damaged(`${inner.length} nested columns`);
  const schema = parquetSchema(metadata), names = schema.children.map(({ element }) => element.name);
  const twice = repeated(names);
  if (twice !== undefined) throw new SyntaxError(`Cannot read parquet: two columns are named "${twice}"; rename one`);
  const groups = metadata.row_groups.map((group) => ({
    rows: checkedNumber(group.num_rows, "rows"),
    chunks: new Map(group.columns.map((column) => {
      const chunk = checkedChunk(column, source.size);
      return [pathKey(chunk.path_in_schema), chunk];
    })),
  }));
  const rows = groups.reduce((sum, { rows }) => sum + rows, 0);
  if (rows !== Number(metadata.num_rows)) throw damaged(`${rows} rows where ${metadata.num_rows} were announced`);
  return { source, schema, columns: schema.children, groups, rows, budget: new Budget(source.size) };
}

function checkedChunk({ file_path, meta_data }: FileMetaData["row_groups"][number]["columns"][number], size: number) {
  if (file_path) throw new SyntaxError(`Cannot read parquet: it leads to another file, "${file_path}"; write one file`);
  if (meta_data === undefined) throw damaged("a column without a description");
  const [from, to] = rangeOf(meta_data);
  if (!(from >= 4 && from <= to && to <= size)) {
    throw damaged(`a column at ${from} to ${to} in a file of ${size} bytes`);
  }
  checkedNumber(meta_data.num_values, "values");
  return meta_data;
}

/** Where a column's bytes lie. */
export function rangeOf(chunk: ColumnMetaData): [from: number, to: number] {
  const places = [chunk.dictionary_page_offset, chunk.data_page_offset].filter((at) => at !== undefined && at > 0n);
  const from = Math.min(...places.map(Number));
  return [from, from + Number(chunk.total_compressed_size)];
}

function checkedNumber(value: bigint, what: string): number {
  if (typeof value === "bigint" && value >= 0n && value < 2n ** 48n) return Number(value);
  throw damaged(`${value} ${what}`);
}

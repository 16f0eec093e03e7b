import { type ExpressionBuilder, sql } from "kysely";
import { concatenate } from "../concatenate.ts";
import type { Engine, Sql, Work } from "./engine.ts";
import { chunkSize, type Tables } from "./tables.ts";

/** How many bytes of small chunks go into one statement. */
const statementSize = 4 * chunkSize, statementRows = 100;

/** Rows of files that are a path, or in the folder of that name. */
export function within(path: string): (eb: ExpressionBuilder<Tables, "ptutils_files">) => ReturnType<typeof eb.or> {
  return (eb) => eb.or([eb("path", "=", path), inside(path)(eb)]);
}

/** Rows of files in a folder; of `""`, all. `0` follows `/`. */
export function inside(path: string): (eb: ExpressionBuilder<Tables, "ptutils_files">) => ReturnType<typeof eb.and> {
  if (path === "") return (eb) => eb.and([eb("path", "is not", null)]);
  return (eb) => eb.and([eb("path", ">=", `${path}/`), eb("path", "<", `${path}0`)]);
}

/** A new file: shown under `path`, or staged for it. Its id. */
export async function putFile(
  work: Work,
  engine: Engine,
  name: { path: string } | { staged: string },
  parts: readonly Uint8Array[],
): Promise<number> {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const { id } = await work.insertInto("ptutils_files")
    .values({ path: null, staged: null, ...name, size, modified: engine.now(), synced: 0 })
    .returning("id").executeTakeFirstOrThrow();
  await putChunks(work, id, 0, parts);
  return id;
}

/** Adds bytes to a file from an offset on. */
export async function putChunks(work: Work, file: number, at: number, parts: readonly Uint8Array[]): Promise<void> {
  let rows: { file: number; at: number; bytes: Uint8Array }[] = [], size = 0;
  const insert = async () => {
    if (rows.length > 0) await work.insertInto("ptutils_chunks").values(rows).execute();
    [rows, size] = [[], 0];
  };
  for (const bytes of inChunks(parts)) {
    rows.push({ file, at, bytes });
    at += bytes.length;
    size += bytes.length;
    if (size >= statementSize || rows.length >= statementRows) await insert();
  }
  await insert();
}

/** Bytes in pieces of the chunk's size; parts of a large one are not copied, small ones are put together. */
function* inChunks(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let small: Uint8Array[] = [], size = 0;
  for (let part of parts) {
    while (part.length > 0) {
      const taken = part.subarray(0, chunkSize - size);
      small.push(taken);
      size += taken.length;
      part = part.subarray(taken.length);
      if (size < chunkSize) continue;
      yield small.length === 1 ? small[0]! : concatenate(small);
      [small, size] = [[], 0];
    }
  }
  if (size > 0) yield small.length === 1 ? small[0]! : concatenate(small);
}

/** A file's bytes, at most `limit`; undefined when there is no such file. */
export async function getFile(db: Sql, path: string, limit?: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = limit === undefined || limit >= chunkSize
    ? sql.ref<Uint8Array | null>("chunk.bytes")
    : sql<Uint8Array | null>`substr(${sql.ref("chunk.bytes")}, 1, ${sql.lit(limit)})`;
  const rows = await db.selectFrom("ptutils_files as file")
    .leftJoin("ptutils_chunks as chunk", (join) => {
      const own = join.onRef("chunk.file", "=", "file.id");
      return limit === undefined ? own : own.on("chunk.at", "<", limit);
    })
    .select(bytes.as("bytes")).where("file.path", "=", path).orderBy("chunk.at").execute();
  if (rows.length === 0) return undefined;
  const all = concatenate(rows.flatMap((row) => row.bytes === null ? [] : [row.bytes]));
  return limit === undefined ? all : all.subarray(0, limit);
}

/**
 * The bytes of a file from one offset to another, about a chunk at a time.
 *
 * @param query runs queries
 * @throws {Error} the file was replaced or removed meanwhile
 */
export async function* getBlocks(
  query: <T>(nothing: T, work: (db: Sql) => Promise<T>) => Promise<T>,
  path: string,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  const file = await query(
    undefined,
    (db) => db.selectFrom("ptutils_files").select(["id", "size"]).where("path", "=", path).executeTakeFirst(),
  );
  if (file === undefined) return;
  for (let at = from, end = Math.min(to, file.size); at < end;) {
    const start = at === from ? Math.max(0, at - chunkSize + 1) : at; // later ones begin where a chunk does
    const block = await query(undefined, (db) => getBlock(db, file.id, start, at));
    if (block === undefined) {
      if (await query(undefined, (db) => findFile(db, file.id)) !== undefined) return; // it was cut
      throw new Error(`Cannot read on in "${path}": it was replaced or removed meanwhile; read it again`);
    }
    yield block.subarray(0, end - at);
    at += block.length;
  }
}

const findFile = (db: Sql, id: number) =>
  db.selectFrom("ptutils_files").select("id").where("id", "=", id).executeTakeFirst();

/** The bytes from an offset on, to the end of the chunks that begin within a chunk's size after it. */
async function getBlock(db: Sql, file: number, start: number, at: number): Promise<Uint8Array | undefined> {
  const rows = await db.selectFrom("ptutils_chunks").select(["at", "bytes"]).where("file", "=", file)
    .where("at", ">=", start).where("at", "<", at + chunkSize).orderBy("at").execute();
  const first = rows.findLastIndex((row) => row.at <= at);
  if (first < 0 || rows[first]!.at + rows[first]!.bytes.length <= at) return undefined;
  const used = rows.slice(first).map(({ bytes }) => bytes);
  used[0] = used[0]!.subarray(at - rows[first]!.at);
  return used.length === 1 ? used[0] : concatenate(used);
}

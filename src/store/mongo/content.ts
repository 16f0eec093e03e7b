import { randomUUID } from "node:crypto";
import type { Connected, MongoConnection } from "./connection.ts";

/** Bytes in the database that never change, or that only grow while their length isn't written down yet. */
export interface Part {
  id: string;
  /** In GridFS; otherwise in chunk documents of ours. */
  grid?: boolean;
  /** How much of it counts; absent while it grows. */
  length?: number;
  /** It is one chunk. */
  whole?: boolean;
}

/** A file's entry in a folder: its bytes are those of its parts, one after the other. */
export interface Entry {
  modified: Date;
  parts: Part[];
}

/** A piece of a part, `_id` is `<part>:<offset in it>`: the same piece can't be there twice. */
interface Chunk {
  _id: string;
  size: number;
  at: Date;
  data: Uint8Array;
}

export const chunkSize = 1 << 20;
const digits = 16;

/** GridFS collections `blobs.files` and `blobs.chunks`. */
export const bucketName = "blobs";

export const newPart = (grid = false): Part => grid ? { id: hexId(), grid } : { id: randomUUID() };

/** An ObjectId's 24 hexadecimal digits: the time in seconds, then random ones. */
function hexId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16).padStart(8, "0");
  return seconds + randomUUID().replaceAll("-", "").slice(0, 16);
}

/** Bytes of files in the database: chunk documents and GridFS. */
export class MongoContent {
  readonly #connection: MongoConnection;

  constructor(connection: MongoConnection) {
    this.#connection = connection;
  }

  /** Adds chunks to a part at an offset; they are durable when it resolves. */
  async add(part: Part, bytes: Uint8Array, offset = 0): Promise<void> {
    if (bytes.length === 0) return;
    const chunks: Chunk[] = [];
    const at = new Date();
    for (let from = 0; from < bytes.length; from += chunkSize) {
      const data = bytes.subarray(from, from + chunkSize);
      chunks.push({ _id: keyOf(part, offset + from), size: data.length, at, data });
    }
    await this.#connection.use(({ db }) => db.collection<Chunk>("chunks").insertMany(chunks));
  }

  /** Writes a file into GridFS, its own document last; `path` is its name there. */
  async addToGrid(part: Part, path: string, pieces: readonly Uint8Array[]): Promise<void> {
    await this.#connection.use(async ({ db, driver }) => {
      const bucket = new driver.GridFSBucket(db, { bucketName, chunkSizeBytes: chunkSize });
      const stream = bucket.openUploadStreamWithId(new driver.ObjectId(part.id), path);
      const ended = Promise.withResolvers<void>();
      stream.once("finish", () => ended.resolve()).once("error", ended.reject);
      ended.promise.catch(() => {}); // awaited below
      for (const piece of pieces) {
        for (let from = 0; from < piece.length; from += chunkSize) {
          const data = piece.slice(from, from + chunkSize); // the stream may keep it
          if (!stream.write(data)) {
            await Promise.race([new Promise((resolve) => stream.once("drain", resolve)), ended.promise]);
          }
        }
      }
      stream.end();
      await ended.promise;
    });
  }

  /** How long a growing part is, and when it last grew. */
  async end(part: Part): Promise<{ length: number; at?: Date }> {
    const options = { projection: { size: 1, at: 1 }, sort: { _id: -1 } as const, limit: 1 };
    const [last] = await this.#connection.use(({ db }) =>
      db.collection<Chunk>("chunks").find(rangeOf(part), options).toArray()
    );
    return last === undefined ? { length: 0 } : { length: offsetOf(last) + last.size, at: last.at };
  }

  /** Size and time of change of a file. */
  async measure({ parts, modified }: Entry): Promise<{ size: number; modified: number }> {
    let size = 0, latest = modified.getTime();
    for (const part of parts) {
      const end = part.length === undefined ? await this.end(part) : { length: part.length };
      size += end.length;
      latest = Math.max(latest, end.at?.getTime() ?? 0);
    }
    return { size, modified: latest };
  }

  /** A file's bytes from one offset to another. @throws {MissingContent} they are not there any more */
  async *blocks({ parts }: Entry, from = 0, to = Infinity): AsyncGenerator<Uint8Array> {
    let at = 0;
    for (const part of parts) {
      if (at >= to) return;
      const length = part.length ?? Infinity;
      if (at + length <= from) {
        at += length;
        continue;
      }
      const start = Math.max(0, from - at), end = Math.min(length, to - at);
      let reached = start;
      for await (const block of part.grid ? this.#fromGrid(part, start, end) : this.#fromChunks(part, start, end)) {
        reached += block.length;
        yield block;
      }
      if (part.length !== undefined && reached < end) throw new MissingContent(part.id);
      at += part.length ?? reached;
    }
  }

  /** Deletes parts that nothing refers to. */
  async remove(parts: readonly Part[]): Promise<void> {
    for (const part of parts) {
      await this.#connection.use(async (connected) => {
        if (part.grid) await removeFromGrid(connected, part);
        else await connected.db.collection<Chunk>("chunks").deleteMany(rangeOf(part));
      });
    }
  }

  async *#fromChunks(part: Part, from: number, to: number): AsyncGenerator<Uint8Array> {
    if (from >= to) return;
    const filter = part.whole ? { _id: keyOf(part, 0) } : rangeOf(part, Math.max(0, from - chunkSize + 1), to);
    const options = { sort: part.whole ? undefined : { _id: 1 } as const, promoteBuffers: true };
    const read = ({ db }: Connected) => db.collection<Chunk>("chunks").find(filter, options);
    let expected: number | undefined;
    for await (const chunk of this.#connection.each(read)) {
      const offset = offsetOf(chunk);
      if (expected !== undefined ? offset !== expected : offset > from) return;
      expected = offset + chunk.size;
      const block = new Uint8Array(chunk.data.buffer, chunk.data.byteOffset, chunk.data.byteLength)
        .subarray(Math.max(0, from - offset), Math.max(0, to - offset));
      if (block.length > 0) yield block;
    }
  }

  async *#fromGrid(part: Part, start: number, end: number): AsyncGenerator<Uint8Array> {
    if (start >= end) return;
    try {
      yield* this.#connection.each<Uint8Array>(({ db, driver }) =>
        new driver.GridFSBucket(db, { bucketName }).openDownloadStream(new driver.ObjectId(part.id), { start, end })
      );
    } catch (error) {
      if (
        /FileNotFound|ChunkIsMissing|ENOENT/.test(`${(error as Error).message} ${(error as { code?: string }).code}`)
      ) {
        throw new MissingContent(part.id);
      }
      throw error;
    }
  }
}

/** A file was replaced or removed while it was being read. */
export class MissingContent extends Error {
  constructor(id: string) {
    super(`Cannot read part ${id} of a file: it is not there any more; read the file again`);
  }
}

async function removeFromGrid({ db, driver }: Connected, part: Part): Promise<void> {
  const id = new driver.ObjectId(part.id);
  await db.collection(`${bucketName}.files`).deleteOne({ _id: id });
  await db.collection(`${bucketName}.chunks`).deleteMany({ files_id: id });
}

const keyOf = ({ id }: Part, offset: number): string => `${id}:${offset.toString().padStart(digits, "0")}`;
const offsetOf = ({ _id }: Chunk): number => parseInt(_id.slice(-digits), 10);

const rangeOf = (part: Part, from = 0, to = Infinity) => ({
  _id: { $gte: keyOf(part, from), $lt: to === Infinity ? `${part.id};` : keyOf(part, to) },
});

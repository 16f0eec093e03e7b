import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { freshBytes } from "./fresh_bytes.ts";

/** Bytes that are read in parts: an open file, a resource behind a URL. */
export interface ByteSource {
  /** Where they are, for messages. */
  readonly name: string;
  readonly size: number;
  /** The bytes from one offset up to another, as many as there are of them; each call's are its own. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** A file, open for reading in parts. @throws {Error} there is none, or it may not be read; with the system's code */
export async function openFile(path: string | URL): Promise<ByteSource> {
  const name = path instanceof URL ? fileURLToPath(path) : path;
  const file = await open(name, "r").catch((cause) => {
    if (cause.code !== "ENOENT") throw cause;
    const error = new Error(`Cannot read "${path}": there is no such file; check the path`, { cause });
    throw Object.assign(error, { code: cause.code });
  });
  const { size } = await file.stat();
  const read = async (from: number, to: number) => {
    const bytes = freshBytes(Math.max(0, Math.min(to, size) - from));
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, from + length);
      if (bytesRead === 0) break; // cut meanwhile
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  };
  return { name, size, read, close: () => file.close() };
}

/** Bytes in memory as a source. */
export function sourceOf(bytes: Uint8Array, name = "memory"): ByteSource {
  const read = (from: number, to: number) => Promise.resolve(Uint8Array.from(bytes.subarray(from, to)));
  return { name, size: bytes.length, read, close: () => Promise.resolve() };
}

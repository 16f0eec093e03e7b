import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { joined } from "../../codec/forward.ts";
import { type ByteSource, sourceOf } from "../../module/byte_source.ts";
import { ScratchFile } from "./scratch_file.ts";

/** Packed bytes that are read at a time, and unpacked ones that come at a time. */
const packedPiece = 2 ** 18, unpackedPiece = 2 ** 20;
/** Up to how many bytes what is unpacked stays in memory; more is kept in a temporary file. */
const mostInMemory = 2 ** 26;

/** Whether bytes are gzip's (RFC 1952). */
export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;

/**
 * What a gzipped source unpacks to, of one member or several; the packed one is closed.
 *
 * @throws {SyntaxError} a damaged file; @throws {RangeError} one that unpacks to more than `maxBytes`
 */
export async function unpacked(packed: ByteSource, maxBytes: number): Promise<ByteSource> {
  const { name } = packed, parts: Uint8Array[] = [];
  let size = 0, file: ScratchFile | undefined;
  try {
    for await (const part of unpack(packed)) {
      if ((size += part.length) > maxBytes) throw tooLarge(name, maxBytes);
      parts.push(part);
      if (size <= mostInMemory) continue;
      file ??= new ScratchFile(`what "${name}" unpacks to`);
      for (const one of parts.splice(0)) file.append(one);
    }
  } catch (error) {
    file?.close();
    throw error;
  } finally {
    await packed.close();
  }
  return file === undefined ? sourceOf(joined(parts), name) : sourceIn(file, name);
}

async function* unpack(packed: ByteSource): AsyncGenerator<Uint8Array> {
  let foreign: unknown;
  async function* pieces() {
    try {
      for (let at = 0; at < packed.size; at += packedPiece) yield await packed.read(at, at + packedPiece);
    } catch (error) {
      throw foreign = error;
    }
  }
  const gunzip = createGunzip({ chunkSize: unpackedPiece });
  try {
    yield* pipeline(Readable.from(pieces()), gunzip, () => {}) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (foreign !== undefined) throw foreign;
    throw new SyntaxError(
      `Cannot read "${packed.name}": ${(cause as Error).message}; the file is cut off, or no gzip file`,
      { cause },
    );
  }
}

function sourceIn(file: ScratchFile, name: string): ByteSource {
  const { size } = file;
  const read = (from: number, to: number) => {
    const bytes = new Uint8Array(Math.max(0, Math.min(to, size) - from));
    file.read(bytes, from);
    return Promise.resolve(bytes);
  };
  return { name, size, read, close: () => Promise.resolve(file.close()) };
}

const tooLarge = (name: string, maxBytes: number): RangeError =>
  new RangeError(`Cannot read "${name}": it unpacks to more than ${maxBytes} bytes; if you trust it, raise maxBytes`);

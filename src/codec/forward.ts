import type { ByteSource } from "../module/byte_source.ts";
import { freshBytes } from "../module/fresh_bytes.ts";

/** Bytes that are taken from front to back. */
export interface Forward {
  /** The next so many bytes; fewer when they end there. Each call's are its own. */
  take(length: number): Promise<Uint8Array>;
}

/** How much packed data is unpacked at once, at most: deflate makes up to 1,032 times as much of it. */
const packedChunk = 2 ** 14;
/** How much it should unpack to, as far as what came before it tells. */
const unpackedChunk = 2 ** 19;

/** A part of a source, from front to back. */
export function forwardOf(source: ByteSource, from = 0, to = source.size): Forward {
  let at = from;
  return {
    take: async (length) => {
      const bytes = await source.read(at, Math.min(to, at + length));
      at += bytes.length;
      return bytes;
    },
  };
}

/**
 * What a deflated part of a source unpacks to, a little at a time: the less, the more are unpacked side by side.
 *
 * @throws {TypeError} data that are not deflate's
 */
export function inflated(source: ByteSource, from: number, to: number, sideBySide = 1): Forward {
  const packed = forwardOf(source, from, to);
  let packedBytes = 1, unpackedBytes = 2 ** 8; // to begin with, what is much smaller packed is expected
  const packedLength = () => {
    const wanted = Math.min(packedChunk, unpackedChunk * packedBytes / unpackedBytes);
    return Math.max(2 ** 8, wanted / sideBySide | 0);
  };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (controller) => {
      const bytes = await packed.take(packedLength());
      packedBytes += bytes.length;
      if (bytes.length === 0) controller.close();
      else controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
    },
  }, { highWaterMark: 0 });
  const reader = stream.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  let chunk = new Uint8Array();
  return {
    take: async (length) => {
      const parts: Uint8Array[] = [];
      while (length > 0) {
        if (chunk.length === 0) {
          const { done, value } = await reader.read();
          if (done) break;
          chunk = value;
          unpackedBytes += value.length;
        }
        const part = chunk.subarray(0, length);
        chunk = chunk.subarray(part.length);
        length -= part.length;
        parts.push(part);
      }
      return joined(parts);
    },
  };
}

/** Bytes one after the other, in one piece. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = freshBytes(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

import type { ByteSource } from "../module/byte_source.ts";
import type { Forward } from "./forward.ts";

/**
 * Reads a format's structure by asking for ranges of bytes: yields where from and up to where, and is given the bytes,
 * fewer at the end of the file. So one text serves for bytes in memory and for a file that is read in parts.
 */
export type Reading<T> = Generator<readonly [from: number, to: number], T, Uint8Array>;

/** What a reading finds in bytes in memory. What it is given are views of them. */
export function readBytes<T>(bytes: Uint8Array, reading: Reading<T>): T {
  let step = reading.next();
  while (!step.done) step = reading.next(bytes.subarray(...step.value));
  return step.value;
}

/** What a reading finds in a source. */
export async function readSource<T>(source: ByteSource, reading: Reading<T>): Promise<T> {
  let step = reading.next();
  while (!step.done) step = reading.next(await source.read(...step.value));
  return step.value;
}

/** What a reading that only goes forward, without gaps, finds at the front of bytes that come one after the other. */
export async function readForward<T>(bytes: Forward, reading: Reading<T>): Promise<T> {
  let step = reading.next();
  while (!step.done) step = reading.next(await bytes.take(step.value[1] - step.value[0]));
  return step.value;
}

/** A view over bytes, for their numbers. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

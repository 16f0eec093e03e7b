import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { parse } from "../../codec/safetensors.ts";
import type { NDArray } from "../../module/ndarray.ts";

const name = "array";
const slice = 1 << 20;

/** The parts of a safetensors file with one tensor: the header, and the array's own bytes, not copied. */
export function formatBlob({ dtype, shape, bytes }: NDArray): [header: Uint8Array, data: Uint8Array] {
  const type = dtype.replace("uint", "U").replace("int", "I").replace("float", "F").toUpperCase();
  const json = JSON.stringify({ [name]: { dtype: type, shape, data_offsets: [0, bytes.length] } });
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
  const header = new Uint8Array(8 + text.length);
  new DataView(header.buffer).setBigUint64(0, BigInt(text.length), true);
  header.set(text, 8);
  return [header, bytes];
}

/** The array in a safetensors file that {@linkcode formatBlob} made. */
export const parseBlob = (bytes: Uint8Array): NDArray => parse(bytes)[name]!;

/**
 * SHA-256 of parts of a file, in slices between which others get their turn: `crypto.subtle` would compute it beside
 * the main thread, but copies the bytes on it, which takes longer.
 */
export async function digest(parts: readonly Uint8Array[]): Promise<string> {
  const hash = createHash("sha256");
  for (const part of parts) {
    for (let at = 0; at < part.length; at += slice) {
      hash.update(part.subarray(at, at + slice));
      if (part.length > slice / 8) await setImmediate();
    }
  }
  return hash.digest("hex");
}

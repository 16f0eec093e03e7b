/** Texts that come again and again, decoded once each: the names of features. */
export class NameCache {
  readonly #known = new Map<number, { bytes: Uint8Array; text: string }>();
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  /** The text that these bytes are in UTF-8. */
  decode(bytes: Uint8Array, from: number, to: number): string {
    let hash = to - from;
    for (let at = from; at < to; at++) hash = Math.imul(hash, 31) + bytes[at]! | 0;
    const found = this.#known.get(hash);
    if (found !== undefined && isSame(found.bytes, bytes, from, to)) return found.text;
    const text = this.#decoder.decode(bytes.subarray(from, to));
    if (this.#known.size < 10_000) this.#known.set(hash, { bytes: bytes.slice(from, to), text });
    return text;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}

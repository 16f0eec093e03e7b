/**
 * A name as a key. LMDB has no empty key, so the empty name is a key of one zero byte; a name that begins with one gets
 * another in front.
 */
export function keyOf(name: string): Uint8Array {
  return new TextEncoder().encode(name === "" || name.startsWith("\0") ? `\0${name}` : name);
}

/** A key as a name; one that is not UTF-8 in hexadecimal, behind `0x`. */
export function nameOf(key: Uint8Array): string {
  try {
    const name = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(key);
    return name.startsWith("\0") ? name.slice(1) : name;
  } catch {
    return `0x${key.toHex()}`;
  }
}

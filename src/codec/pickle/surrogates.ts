/** UTF-8 bytes as text; single halves of surrogate pairs pass, as in Python's `surrogatepass`. @throws {TypeError} others */
export function decodeUtf8(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const parts: string[] = [];
  let from = 0;
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    if (!(bytes[at + 1]! >= 0xa0) || (bytes[at + 1]! & 0xc0) !== 0x80 || (bytes[at + 2]! & 0xc0) !== 0x80) continue;
    const code = 0xd000 | (bytes[at + 1]! & 0x3f) << 6 | bytes[at + 2]! & 0x3f;
    parts.push(decoder.decode(bytes.subarray(from, at)), String.fromCharCode(code));
    from = at + 3;
  }
  return parts.join("") + decoder.decode(bytes.subarray(from));
}

/** Text as UTF-8 bytes, single halves of surrogate pairs too. */
export function encodeUtf8(text: string): Uint8Array {
  const encoder = new TextEncoder();
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes: number[] = [];
  for (const letter of text) {
    const code = letter.charCodeAt(0);
    if (letter.isWellFormed()) bytes.push(...encoder.encode(letter));
    else bytes.push(0xed, 0x80 | code >> 6 & 0x3f, 0x80 | code & 0x3f);
  }
  return Uint8Array.from(bytes);
}

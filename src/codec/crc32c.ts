/** Castagnoli's polynomial, its lowest bit first. */
const polynomial = 0x82f63b78;
/** `tables[256 * k + b]`: what byte `b` does to the checksum k bytes further on. */
const tables = makeTables();

/**
 * The CRC-32C (Castagnoli) of bytes, 0 to 2^32 - 1. Eight bytes a step, each through a table of its own.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4
 */
export function crc32c(bytes: Uint8Array, from = 0, to: number = bytes.length): number {
  const t = tables;
  let crc = -1, at = from;
  for (const end = to - 7; at < end; at += 8) {
    const low = crc ^ (bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24);
    crc = t[1792 + (low & 255)]! ^ t[1536 + (low >>> 8 & 255)]! ^ t[1280 + (low >>> 16 & 255)]! ^
      t[1024 + (low >>> 24)]! ^ t[768 + bytes[at + 4]!]! ^ t[512 + bytes[at + 5]!]! ^ t[256 + bytes[at + 6]!]! ^
      t[bytes[at + 7]!]!;
  }
  for (; at < to; at++) crc = t[(crc ^ bytes[at]!) & 255]! ^ crc >>> 8;
  return ~crc >>> 0;
}

/** As TFRecord files keep it: turned by 15 bits and with a constant added, so that a checksum of checksums is none. */
export function maskedCrc32c(bytes: Uint8Array, from = 0, to: number = bytes.length): number {
  const crc = crc32c(bytes, from, to);
  return ((crc >>> 15 | crc << 17) + 0xa282ead8) >>> 0;
}

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? polynomial ^ crc >>> 1 : crc >>> 1;
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i++) tables[i] = tables[i - 256]! >>> 8 ^ tables[tables[i - 256]! & 255]!;
  return tables;
}

import { crc32 } from "node:zlib";

/**
 * Bytes whose checksums fit again what was changed, so that a reader looks further than at those. Of formats without
 * checksums, the same bytes.
 */
export function reseal(format: string, bytes: Uint8Array): Uint8Array {
  return seals[format]?.(bytes.slice()) ?? bytes;
}

const seals: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  npz: sealZip,
  tfrecords: sealRecords,
  tfrecord: sealRecords,
  png: sealPng,
};

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The checksums of stored files, in both of their headers. */
function sealZip(bytes: Uint8Array): Uint8Array {
  const view = viewOf(bytes);
  for (let at = 0; at + 46 <= bytes.length; at++) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    const local = view.getUint32(at + 42, true), size = view.getUint32(at + 20, true);
    if (local + 30 > bytes.length || view.getUint16(at + 10, true) !== 0) continue;
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const crc = crc32(bytes.subarray(start, start + size));
    view.setUint32(at + 16, crc, true);
    view.setUint32(local + 14, crc, true);
  }
  return bytes;
}

/** Those of each record's length and of its data. */
function sealRecords(bytes: Uint8Array): Uint8Array {
  const view = viewOf(bytes);
  for (let at = 0; at + 16 <= bytes.length;) {
    const length = Number(view.getBigUint64(at, true)), end = at + 12 + length;
    view.setUint32(at + 8, masked(bytes.subarray(at, at + 8)), true);
    if (end + 4 > bytes.length) break;
    view.setUint32(end, masked(bytes.subarray(at + 12, end)), true);
    at = end + 4;
  }
  return bytes;
}

function sealPng(bytes: Uint8Array): Uint8Array {
  const view = viewOf(bytes);
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) break;
    view.setUint32(end, crc32(bytes.subarray(at + 4, end)));
    at = end + 4;
  }
  return bytes;
}

/** CRC-32C, turned and shifted as TFRecord has it. */
function masked(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  crc = ~crc;
  return ((crc >>> 15 | crc << 17) + 0xa282ead8) >>> 0;
}

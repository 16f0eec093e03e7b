import { type Signature, signatures } from "../module/codec.ts";
import { maskedCrc32c } from "./crc32c.ts";

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const has = (head: Uint8Array, bytes: readonly number[], at = 0): boolean =>
  bytes.every((byte, i) => head[at + i] === byte);
/** Of a format that begins with fixed bytes. */
const magic = (format: string, extensions: readonly string[], bytes: readonly number[], at = 0): Signature => ({
  format,
  extensions,
  fits: (head) => has(head, bytes, at),
});

signatures.push(
  magic("HDF5", ["h5", "hdf5", "keras"], [0x89, ...ascii("HDF\r\n\x1a\n")]),
  magic("numpy's npy", ["npy"], [0x93, ...ascii("NUMPY")]),
  magic("zip (npz)", ["npz", "keras", "zip"], [0x50, 0x4b, 3, 4]),
  magic("zip (npz)", ["npz", "keras", "zip"], [0x50, 0x4b, 5, 6]),
  magic("Parquet", ["parquet"], ascii("PAR1")),
  magic("Arrow", ["arrow", "feather"], ascii("ARROW1")),
  { format: "Arrow (a stream)", extensions: ["arrow", "feather", "arrows"], fits: isArrowStream },
  magic("PNG", ["png"], [0x89, ...ascii("PNG\r\n\x1a\n")]),
  magic("JPEG", ["jpg", "jpeg"], [0xff, 0xd8, 0xff]),
  magic("gzip", ["gz", "idx.gz"], [0x1f, 0x8b, 8]),
  magic("LMDB", ["lmdb", "mdb"], [0xde, 0xc0, 0xef, 0xbe], 16),
  { format: "TFRecord", extensions: ["tfrecord", "tfrecords"], fits: isTfrecord },
  { format: "safetensors", extensions: ["safetensors"], fits: isSafetensors },
  { format: "pickle", extensions: ["pkl", "pickle"], fits: isPickle },
  { format: "IDX", extensions: ["idx"], fits: isIdx },
);

/** A header's length of at most 100 MB, and the brace that JSON begins with. */
function isSafetensors(head: Uint8Array): boolean {
  return head.length > 9 && head[8] === 0x7b && has(head, [0, 0, 0, 0], 4) && (head[3]! < 6);
}

/** The length of the first record, and the checksum of that. */
function isTfrecord(head: Uint8Array): boolean {
  if (head.length < 12) return false;
  return new DataView(head.buffer, head.byteOffset).getUint32(8, true) === maskedCrc32c(head, 0, 8);
}

/** Protocol 2 to 5; from 4 on a frame follows. Earlier ones are text without a mark. */
function isPickle(head: Uint8Array): boolean {
  if (head[0] !== 0x80 || head[1]! < 2 || head[1]! > 5) return false;
  return head[1]! < 4 || head[2] === 0x95;
}

/** The mark and the length of a first message, and a place in it. */
function isArrowStream(head: Uint8Array): boolean {
  return head.length >= 12 && has(head, [0xff, 0xff, 0xff, 0xff]) && head[7] === 0 && has(head, [0, 0], 10) &&
    head[4]! % 8 === 0;
}

/** Two zero bytes, a known type, and 1 to 4 dimensions of less than 16 million. */
function isIdx(head: Uint8Array): boolean {
  const types = [8, 9, 0xb, 0xc, 0xd, 0xe], rank = head[3]!;
  if (!has(head, [0, 0]) || !types.includes(head[2]!) || !(rank >= 1 && rank <= 4)) return false;
  return head.length >= 4 + 4 * rank && Array.from({ length: rank }, (_, i) => head[4 + 4 * i]).every((n) => n === 0);
}

import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";
import { convertIndexedToRgb, decode, type DecodedPng, encode } from "fast-png";
import type { SyncCodec } from "../module/codec.ts";
import { NDArray } from "../module/ndarray.ts";
import { toImage } from "./image.ts";
import { type Chunk, type Header, headerIn, passes, plainPng, signature } from "./png/interlaced.ts";

/** Most bytes that a picture may unpack to. */
const maxBytes = 2 ** 28;
/** Samples of a pixel by its colour type: grey, RGB, palette, grey and alpha, RGBA. */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const palette = 3;
/** What of a file makes the picture; all else may be anything. */
const needed = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];

/**
 * A picture as PNG: an NDArray of shape [height, width, channels], uint8 or, of 16 bits, uint16; 1 channel is grey, 2 grey
 * and alpha, 3 RGB, 4 RGBA. A palette becomes RGB, one of fewer bits 8, a transparent colour alpha. [height, width] is
 * written, too. fast-png reads and writes.
 *
 * @example
 * ```ts
 * import { codecFor, NDArray } from "ptutils";
 * const png = await codecFor("dot.png");
 * const dot = new NDArray("uint8", [1, 1, 3], [255, 128, 0]);
 * if (!dot.equals(await png.parse(await png.stringify(dot)))) throw new Error("unexpected");
 * ```
 */
export const png: SyncCodec = {
  holds: "array",
  parse,
  stringify: (value) => {
    const { width, height, channels, array } = toImage(value, "png", ["uint8", "uint16"], [1, 2, 3, 4]);
    const data = array.data as Uint8Array | Uint16Array;
    return encode({ width, height, channels, data, depth: array.dtype === "uint16" ? 16 : 8 });
  },
};

function parse(bytes: Uint8Array): NDArray {
  try {
    const image = decode(checked(bytes), { checkCrc: true });
    const { width, height } = image;
    const { data, channels } = toSamples(image);
    return new NDArray(data instanceof Uint16Array ? "uint16" : "uint8", [height, width, channels], data.slice());
  } catch (cause) {
    const { message } = cause as Error;
    if (/^Cannot read /.test(message)) throw cause;
    throw new SyntaxError(`Cannot read png: ${message}; the file is damaged`, { cause });
  }
}

/** The chunks that make the picture, after they were found to unpack to no more than its size. */
function checked(bytes: Uint8Array): Uint8Array {
  const found = [...chunks(bytes)].filter(({ type }) => needed.includes(type));
  const header = headerIn(found.find(({ type }) => type === "IHDR")?.data ?? new Uint8Array());
  const wanted = rawSize(header), most = Math.max(wanted, pixelsSize(header));
  if (most > maxBytes) throw new RangeError(`Cannot read png: it unpacks to ${most} bytes; ${maxBytes} are read`);
  const packed = found.filter(({ type }) => type === "IDAT").map(({ data }) => data);
  const raw = inflateSync(Buffer.concat(packed), { maxOutputLength: wanted || 1 });
  if (raw.length !== wanted) {
    throw new SyntaxError(
      `Cannot read png: it should unpack to ${wanted} bytes, found ${raw.length}; the file is damaged`,
    );
  }
  if (header.isInterlaced && [1, 2, 4].includes(header.bits) && [0, palette].includes(header.colour)) {
    return plainPng(header, raw, found);
  }
  return new Uint8Array(Buffer.concat([Uint8Array.from(signature), ...found.map(({ whole }) => whole)]));
}

function* chunks(bytes: Uint8Array): Generator<Chunk> {
  if (!signature.every((byte, i) => bytes[i] === byte)) {
    throw new SyntaxError("Cannot read png: it does not begin as a PNG file; it is of another format, save it as PNG");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at < bytes.length;) {
    if (at + 12 > bytes.length) throw new SyntaxError("Cannot read png: it is cut off; save it again");
    const start = at + 8, end = start + view.getUint32(at);
    if (end + 4 > bytes.length) throw new SyntaxError("Cannot read png: it is cut off; save it again");
    const type = new TextDecoder("latin1").decode(bytes.subarray(at + 4, start));
    yield { type, data: bytes.subarray(start, end), whole: bytes.subarray(at, end + 4) };
    at = end + 4;
  }
}

/** How many bytes the picture's lines take, each after a byte that says how it is filtered. */
function rawSize({ width, height, bits, colour, isInterlaced }: Header): number {
  const lines = (columns: number, rows: number) =>
    columns === 0 ? 0 : rows * (1 + Math.ceil(columns * bits * (samples[colour] ?? NaN) / 8));
  if (!isInterlaced) return lines(width, height);
  return passes.reduce((sum, [x, y, stepX, stepY]) => {
    return sum + lines(Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY));
  }, 0);
}

/** How many bytes its pixels take. */
const pixelsSize = ({ width, height, bits, colour }: Header): number =>
  width * height * (colour === palette ? 3 : samples[colour] ?? NaN) * (bits === 16 ? 2 : 1);

function toSamples(image: DecodedPng): { data: Uint8Array | Uint16Array; channels: number } {
  const { width, height, depth, channels, palette, transparency } = image;
  if (palette !== undefined) {
    const data = convertIndexedToRgb(image) as Uint8Array;
    return { data, channels: data.length / (width * height) };
  }
  const all = image.data as Uint8Array | Uint16Array;
  const data = depth < 8 ? unpacked(all as Uint8Array, width, height, depth) : all;
  if (transparency === undefined) return { data, channels };
  return { data: withAlpha(data, channels, transparency, depth), channels: channels + 1 };
}

/** Greys of 1, 2 or 4 bits, lines beginning with a byte, as bytes. */
function unpacked(packed: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const line = Math.ceil(width * depth / 8), most = 2 ** depth - 1;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = i % width * depth, byte = packed[Math.floor(i / width) * line + (bit >> 3)]!;
    return (byte >> (8 - depth - (bit & 7)) & most) * 255 / most;
  });
}

/** With alpha: nothing where a pixel has the transparent colour. */
function withAlpha(data: Uint8Array | Uint16Array, channels: number, colour: Uint16Array, depth: number) {
  const most = depth === 16 ? 0xffff : 255, scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  const pixels = data.length / channels;
  const whole = depth === 16 ? new Uint16Array(pixels * (channels + 1)) : new Uint8Array(pixels * (channels + 1));
  for (let i = 0; i < pixels; i++) {
    const pixel = data.subarray(i * channels, (i + 1) * channels);
    whole.set(pixel, i * (channels + 1));
    whole[i * (channels + 1) + channels] = pixel.every((sample, c) => sample === colour[c]! * scale) ? 0 : most;
  }
  return whole;
}

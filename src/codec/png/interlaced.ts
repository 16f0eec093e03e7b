import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";

/** A part of a PNG file. */
export interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** The data between their length and type, and their checksum. */
  readonly whole: Uint8Array;
}

/** What the head of a PNG file says. */
export interface Header {
  readonly width: number;
  readonly height: number;
  /** Of a sample. */
  readonly bits: number;
  /** The colour type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly colour: number;
  readonly isInterlaced: boolean;
}

/** What every PNG file begins with. */
export const signature: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** @throws {SyntaxError} a head of another length */
export function headerIn(data: Uint8Array): Header {
  if (data.length !== 13) throw new SyntaxError("Cannot read png: its head is damaged");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  return { width, height, bits: data[8]!, colour: data[9]!, isInterlaced: data[12] === 1 };
}

/** Adam7: where each pass begins, and its steps. */
export const passes: readonly (readonly [x: number, y: number, stepX: number, stepY: number])[] = [
  ...[[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] as const,
];

/**
 * An interlaced picture with samples of 1, 2 or 4 bits as a plain one with samples of 8: fast-png takes the packed samples
 * of a pass for whole bytes.
 *
 * @param raw the lines of all passes, each after the byte that says how it is filtered
 * @see https://www.w3.org/TR/png-3/#8InterlaceMethods
 * @throws {SyntaxError} a filter that is unknown; a checksum that differs
 */
export function plainPng(header: Header, raw: Uint8Array, chunks: readonly Chunk[]): Uint8Array {
  const { width, height, bits, colour } = header, scale = colour === 0 ? 255 / (2 ** bits - 1) : 1;
  const packed = samplesOf(header, raw), lines = new Uint8Array(height * (1 + width));
  for (let i = 0; i < packed.length; i++) lines[i + 1 + Math.floor(i / width)] = packed[i]! * scale;
  const made = chunks.filter(({ type }) => type !== "IDAT" && type !== "IEND").map(({ type, data, whole }) => {
    const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
    if (crc32(whole.subarray(4, -4)) !== view.getUint32(whole.length - 4)) {
      throw new SyntaxError(`Cannot read png: the checksum of ${type} differs; the file is damaged`);
    }
    const copy = data.slice();
    if (type === "IHDR") copy.set([8, colour, 0, 0, 0], 8);
    if (type === "tRNS" && colour === 0) copy.set([0, (copy[1] ?? 0) * scale]);
    return chunk(type, copy);
  });
  const parts = [...made, chunk("IDAT", deflateSync(lines, { level: 1 })), chunk("IEND", new Uint8Array())];
  return new Uint8Array(Buffer.concat([Uint8Array.from(signature), ...parts]));
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const whole = Buffer.alloc(12 + data.length);
  whole.writeUInt32BE(data.length);
  whole.write(type, 4, "latin1");
  whole.set(data, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), 8 + data.length);
  return whole;
}

/** The samples of a picture with one a pixel, row by row. */
function samplesOf({ width, height, bits }: Header, raw: Uint8Array): Uint8Array {
  const samples = new Uint8Array(width * height), most = 2 ** bits - 1;
  let at = 0;
  for (const [left, top, stepX, stepY] of passes) {
    const columns = Math.ceil((width - left) / stepX), length = Math.ceil(columns * bits / 8);
    let before = new Uint8Array(length);
    for (let y = top; y < height && columns > 0; y += stepY) {
      const line = raw.slice(at + 1, at + 1 + length);
      unfilter(line, before, raw[at]!);
      for (let i = 0; i < columns; i++) {
        const bit = i * bits;
        samples[y * width + left + i * stepX] = line[bit >> 3]! >> (8 - bits - (bit & 7)) & most;
      }
      at += 1 + length;
      before = line;
    }
  }
  return samples;
}

/** Takes back how a line was filtered, by the byte before and the line before. */
function unfilter(line: Uint8Array, before: Uint8Array, filter: number): void {
  if (filter > 4) throw new SyntaxError(`Cannot read png: a line is filtered by ${filter}, which is unknown`);
  for (let i = 0; i < line.length && filter > 0; i++) {
    const a = line[i - 1] ?? 0, b = before[i]!, c = before[i - 1] ?? 0;
    line[i]! += [0, a, b, a + b >> 1, paeth(a, b, c)][filter]!;
  }
}

/** Of left, above and above left, the nearest to left + above - above left. */
function paeth(a: number, b: number, c: number): number {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
}

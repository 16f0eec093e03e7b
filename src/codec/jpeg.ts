import { decode, encode } from "jpeg-js";
import type { SyncCodec } from "../module/codec.ts";
import { NDArray } from "../module/ndarray.ts";
import { toImage } from "./image.ts";

/** How well pictures are kept, of 100. */
const quality = 90;
/** Most that a picture may take once unpacked: megapixels, and megabytes of memory for it. */
const maxResolutionInMP = 200, maxMemoryUsageInMB = 1024;
/** A block of 8 by 8 takes one bit at least. */
const pixelsOfByte = 512;

/**
 * A picture as JPEG: a uint8 NDArray of shape [height, width, channels], RGB or, with one channel, grey. What is written
 * comes back nearly, not exactly: it is kept with quality 90 of 100, as RGB. jpeg-js reads and writes.
 *
 * @example
 * ```ts
 * import { codecFor, NDArray } from "ptutils";
 * const jpeg = await codecFor("grey.jpg");
 * const read = await jpeg.parse(await jpeg.stringify(new NDArray("uint8", [8, 8, 3], new Uint8Array(192).fill(128)))) as NDArray;
 * if (Math.abs(Number(read.data[0]) - 128) > 4) throw new Error("unexpected");
 * ```
 */
export const jpeg: SyncCodec = {
  holds: "array",
  parse,
  stringify: (value) => stringify(toImage(value, "jpeg", ["uint8"], [3])),
};

function parse(bytes: Uint8Array): NDArray {
  const { components, isRgb, pixels } = frameOf(bytes);
  if (pixels > bytes.length * pixelsOfByte) {
    throw new SyntaxError(
      `Cannot read jpeg: ${pixels} pixels in ${bytes.length} bytes; the file is cut off or damaged`,
    );
  }
  try {
    const options = { useTArray: true, formatAsRGBA: false, tolerantDecoding: false } as const;
    const { width, height, data } = decode(Uint8Array.from(bytes), {
      ...options,
      ...(isRgb ? { colorTransform: false } : {}),
      maxResolutionInMP,
      maxMemoryUsageInMB,
    });
    if (components.length !== 1) return new NDArray("uint8", [height, width, 3], data.slice(0, height * width * 3));
    return new NDArray(
      "uint8",
      [height, width, 1],
      Uint8Array.from({ length: height * width }, (_, i) => data[3 * i]!),
    );
  } catch (cause) {
    const { message } = cause as Error, isLarge = /limit exceeded/.test(message);
    if (isLarge) throw new RangeError(`Cannot read jpeg: ${message}; it is too large`, { cause });
    throw new SyntaxError(`Cannot read jpeg: ${message}; the file is damaged`, { cause });
  }
}

/**
 * How many pixels there are; a pixel's components, and whether they are red, green and blue instead of luma and chroma: by what Adobe's mark says, else
 * by their names, as libjpeg has it (`default_decompress_parms`).
 */
function frameOf(bytes: Uint8Array): { components: number[]; isRgb: boolean; pixels: number } {
  const isStart = bytes[0] === 0xff && bytes[1] === 0xd8;
  let isJfif = false, transform: number | undefined;
  for (let at = 2; isStart && at + 9 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!, length = bytes[at + 2]! << 8 | bytes[at + 3]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const components = Array.from({ length: bytes[at + 9]! }, (_, i) => bytes[at + 10 + 3 * i] ?? 0);
      const isNamed = String.fromCharCode(...components) === "RGB";
      const isRgb = components.length === 3 && !isJfif && (transform === undefined ? isNamed : transform === 0);
      const pixels = (bytes[at + 5]! << 8 | bytes[at + 6]!) * (bytes[at + 7]! << 8 | bytes[at + 8]!);
      return { components, isRgb, pixels };
    }
    if (marker === 0xe0 && begins(bytes, at + 4, "JFIF\0")) isJfif = true;
    if (marker === 0xee && begins(bytes, at + 4, "Adobe")) transform = bytes[at + 15];
    at += marker === 0xff ? 1 : 2 + length; // bytes of ones may stand before a marker
  }
  throw new SyntaxError(
    "Cannot read jpeg: found no picture; it is cut off, damaged or of another format, save it as JPEG",
  );
}

const begins = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

function stringify({ width, height, array }: ReturnType<typeof toImage>): Uint8Array {
  const pixels = new Uint8Array(width * height * 4).fill(255), { data } = array;
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = data[3 * i + c] as number;
  }
  return new Uint8Array(encode({ width, height, data: pixels }, quality).data);
}

import { decode, encode } from "jpeg-js";
import type { SyncCodec } from "../module/codec.ts";
import { NDArray } from "../module/ndarray.ts";
import { toImage } from "./image.ts";

/** How well pictures are kept, of 100. */
const quality = 90;
/** Most that a picture may take once unpacked: megapixels, and megabytes of memory for it. */
const maxResolutionInMP = 200, maxMemoryUsageInMB = 1024;

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
  const components = componentsOf(bytes);
  try {
    const options = { useTArray: true, formatAsRGBA: false, tolerantDecoding: false } as const;
    const { width, height, data } = decode(Uint8Array.from(bytes), {
      ...options,
      maxResolutionInMP,
      maxMemoryUsageInMB,
    });
    if (components !== 1) return new NDArray("uint8", [height, width, 3], data.slice(0, height * width * 3));
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

/** How many components a pixel has, by the frame's head. */
function componentsOf(bytes: Uint8Array): number {
  const isStart = bytes[0] === 0xff && bytes[1] === 0xd8;
  for (let at = 2; isStart && at + 9 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!, length = bytes[at + 2]! << 8 | bytes[at + 3]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return bytes[at + 9]!;
    at += marker === 0xff ? 1 : 2 + length; // bytes of ones may stand before a marker
  }
  throw new SyntaxError("Cannot read jpeg: found no picture; the file is cut off, damaged or another");
}

function stringify({ width, height, array }: ReturnType<typeof toImage>): Uint8Array {
  const pixels = new Uint8Array(width * height * 4).fill(255), { data } = array;
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = data[3 * i + c] as number;
  }
  return new Uint8Array(encode({ width, height, data: pixels }, quality).data);
}

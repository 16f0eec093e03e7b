import { encode } from "fast-png";
import { encodeBase64 } from "../module/base64.ts";

/** Pixels, row by row: grey (1), red, green and blue (3), or those and how opaque (4), each 0 to 255. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** Pixels as the bytes of a png. */
export const encodePng = (pixels: Pixels): Uint8Array => encode({ ...pixels, depth: 8 });

/** Pixels as the address of an image that holds all of itself. */
export const pngUri = (pixels: Pixels): string => `data:image/png;base64,${encodeBase64(encodePng(pixels))}`;

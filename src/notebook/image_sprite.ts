import { encode } from "fast-png";
import { encodeBase64 } from "../module/base64.ts";
import type { Images } from "./pixels.ts";
import { pngUri } from "./png_uri.ts";

/** How much of images is kept. */
export interface SpriteLook {
  /** Shades of red, green and blue, or of grey; all unless said. */
  readonly shades?: readonly number[];
  /** So many pixels in a row become one; 1. */
  readonly shrink?: number;
}

/** Many images in one, which takes fewer bytes than each of its own. */
export interface Sprite {
  readonly count: number;
  /** The address of the joint image, which holds all of itself. */
  readonly uri: string;
  /** Of the joint image, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Where one image is, as a `viewBox`. */
  boxOf(index: number): string;
}

/** Looks that take fewer bytes than images as they are, the best first. */
export function sprites({ width, height }: Images): SpriteLook[] {
  const shrink = Math.max(1, 2 ** Math.floor(Math.log2(Math.max(width, height) / 28)));
  const shades = [6, 7, 6];
  return [{ shades: [16, 16, 16] }, { shades }, ...(shrink > 1 ? [{ shades, shrink }] : [])];
}

/** The first `count` images in one, side by side in rows. */
export function spriteOf(images: Images, count: number, { shades, shrink = 1 }: SpriteLook = {}): Sprite {
  const [wide, high] = [Math.ceil(images.width / shrink), Math.ceil(images.height / shrink)];
  const columns = Math.max(1, Math.ceil(Math.sqrt(count))), rows = Math.ceil(count / columns);
  const [width, height] = [columns * wide, rows * high];
  const { channels = 1 } = count === 0 ? {} : images.at(0);
  const data = new Uint8Array(width * height * channels);
  for (let index = 0; index < count; index++) {
    const pixels = images.at(index).data;
    const [left, top] = [index % columns * wide, Math.floor(index / columns) * high];
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        for (let c = 0; c < channels; c++) {
          const mean = meanOf(pixels, images, x * shrink, y * shrink, shrink, channels, c);
          data[((top + y) * width + left + x) * channels + c] = shaded(mean, shades?.[c]);
        }
      }
    }
  }
  const pixels = { width, height, channels, data };
  const uri = count === 0 ? "" : channels === 3 && shades !== undefined ? paletteUri(pixels) : pngUri(pixels);
  const boxOf = (index: number) => `${index % columns * wide} ${Math.floor(index / columns) * high} ${wide} ${high}`;
  return { count, uri, width, height, boxOf };
}

const shaded = (value: number, shades?: number): number =>
  shades === undefined ? Math.round(value) : Math.round(Math.round(value / 255 * (shades - 1)) * 255 / (shades - 1));

/** The mean of a square of pixels, of what there is of it. */
function meanOf(
  pixels: Uint8Array,
  { width, height }: Images,
  x: number,
  y: number,
  side: number,
  channels: number,
  channel: number,
): number {
  if (side === 1) return pixels[(y * width + x) * channels + channel]!;
  let sum = 0, count = 0;
  for (let row = y; row < Math.min(height, y + side); row++) {
    for (let column = x; column < Math.min(width, x + side); column++) {
      sum += pixels[(row * width + column) * channels + channel]!;
      count++;
    }
  }
  return sum / count;
}

/** A coloured image with a palette, if it has few enough colours. */
function paletteUri(pixels: { width: number; height: number; channels: number; data: Uint8Array }): string {
  const { width, height, data } = pixels, places = new Map<number, number>();
  const indices = Uint8Array.from({ length: width * height }, (_, i) => {
    const colour = data[3 * i]! << 16 | data[3 * i + 1]! << 8 | data[3 * i + 2]!;
    const place = places.get(colour) ?? places.size;
    places.set(colour, place);
    return place;
  });
  if (places.size > 256) return pngUri(pixels);
  const palette = [...places.keys()].map((colour) => [colour >> 16, colour >> 8 & 255, colour & 255]);
  const bytes = encode({ width, height, channels: 1, depth: 8, data: indices, palette }, { zlib: { level: 9 } });
  return `data:image/png;base64,${encodeBase64(bytes)}`;
}

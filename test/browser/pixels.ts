import { decode } from "fast-png";

/**
 * How much of a png's width has a colour somewhere in its column, 0 to 1: a line from left to right has it nearly
 * everywhere.
 *
 * @param colour as `#rrggbb`
 */
export function width(png: Uint8Array, colour: string): number {
  const { width, height, data, channels } = decode(png);
  const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  let columns = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const at = (y * width + x) * channels;
      if (!wanted.every((value, i) => Math.abs(value - data[at + i]!) < 24)) continue;
      columns++;
      break;
    }
  }
  return columns / width;
}

import { encode } from "fast-png";
import { encodeBase64 } from "../module/base64.ts";

/** Pixels that a part of a picture may have. */
const most = 4_000_000;

/** An svg with the rectangles of its heat maps as pixels, where that is shorter. */
export const withPixels = (svg: string): string =>
  svg.replace(/<svg (x="[^>]*) viewBox="0 0 (\d+) (\d+)">([^]*?)<\/svg>/g, (all, place, width, height, paths) => {
    const image = imageOf(place, Number(width), Number(height), paths);
    return image !== undefined && image.length < all.length ? image : all;
  });

function imageOf(place: string, width: number, height: number, paths: string): string | undefined {
  if (width * height > most) return undefined;
  const parts = Array.from(paths.matchAll(/<path fill="rgba\(([^)]*)\)" d="([^"]*)"\/>/g), ([, colour, path]) => {
    const [red, green, blue, opaque] = colour!.split(",").map(Number) as [number, number, number, number];
    return { colour: [red, green, blue, Math.round(opaque * 255)], path: path! };
  });
  const { palette, places } = paletteOf(parts.map(({ colour }) => colour));
  const data = new Uint8Array(width * height);
  parts.forEach(({ path }, index) => {
    for (const [, ...box] of path.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)/g)) {
      const [x, y, wide, high] = box.map(Number) as [number, number, number, number];
      for (let row = y; row < y + high; row++) data.fill(places[index]!, row * width + x, row * width + x + wide);
    }
  });
  const bytes = encode({ width, height, channels: 1, depth: 8, data, palette }, { zlib: { level: 9 } });
  const href = `data:image/png;base64,${encodeBase64(bytes)}`;
  return `<image ${place} image-rendering="optimizeSpeed" style="image-rendering:pixelated" href="${href}"/>`;
}

/** At most 256 colours, the first lets everything through: each channel as fine as that allows. */
function paletteOf(colours: readonly number[][]): { palette: number[][]; places: number[] } {
  for (let step = 1;; step *= 2) {
    const palette = new Map([["none", 0]]), shown = [[0, 0, 0, 0]];
    const places = colours.map((colour) => {
      const name = colour.map((channel) => Math.round(channel / step)).join();
      const place = palette.get(name) ?? shown.push(colour) - 1;
      palette.set(name, place);
      return place;
    });
    if (shown.length <= 256) return { palette: shown, places };
  }
}

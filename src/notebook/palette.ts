import { decode, encode } from "fast-png";

/** With more colours than that, those that are nearly the same are one from the start. */
const most = 2000;

/** A png of a chart with at most 256 colours, or fewer, each nearly as before: a third of the bytes. */
export function withPalette(png: Uint8Array, colours = 256): Uint8Array {
  const { width, height, data } = decode(png);
  const pixels = new Uint32Array(Uint8Array.from(data).buffer);
  let counts = countsOf(pixels);
  for (let step = 17; counts.size > most; step *= 3) {
    for (const [index, pixel] of pixels.entries()) pixels[index] = coarse(pixel, step);
    counts = countsOf(pixels);
  }
  const common = [...counts].sort((a, b) => b[1] - a[1]).map(([pixel]) => pixel);
  const substitutes = substitutesOf(common, colours);
  // In a png the colours that let something through must come first.
  const palette = [...new Set(substitutes.values())].sort((a, b) => (a >>> 24) - (b >>> 24));
  const places = new Map(palette.map((pixel, index) => [pixel, index]));
  const small = encode({
    width,
    height,
    channels: 1,
    depth: 8,
    data: Uint8Array.from(pixels, (pixel) => places.get(substitutes.get(pixel)!)!),
    palette: palette.map((pixel) => [pixel & 255, pixel >>> 8 & 255, pixel >>> 16 & 255, pixel >>> 24]),
  }, { zlib: { level: 9 } });
  return small.length < png.length ? small : png;
}

function countsOf(pixels: Uint32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  return counts;
}

/** A colour with each channel a multiple of a step; nothing where it can't be seen. */
function coarse(pixel: number, step: number): number {
  const channels = [0, 8, 16, 24].map((shift) => Math.min(255, Math.round((pixel >>> shift & 255) / step) * step));
  const [red, green, blue, opaque] = channels as [number, number, number, number];
  return opaque === 0 ? 0 : (red | green << 8 | blue << 16 | opaque << 24) >>> 0;
}

/** Which of so many colours stands for each: itself if it is common, else one as near as that allows. */
function substitutesOf(common: readonly number[], colours: number): Map<number, number> {
  for (let tolerance = 2;; tolerance *= 1.5) {
    const chosen: number[] = [], substitutes = new Map<number, number>();
    for (const pixel of common) {
      const near = chosen.find((one) => distance(one, pixel) <= tolerance);
      if (near === undefined) chosen.push(pixel);
      substitutes.set(pixel, near ?? pixel);
      if (chosen.length > colours) break;
    }
    if (chosen.length <= colours) return substitutes;
  }
}

/** How far apart two colours are on any ground, 0 to 255; the uppermost byte is how opaque each is. */
function distance(a: number, b: number): number {
  const [opaque, other] = [a >>> 24, b >>> 24];
  let most = Math.abs(opaque - other);
  for (const shift of [0, 8, 16]) {
    most = Math.max(most, Math.abs((a >>> shift & 255) * opaque - (b >>> shift & 255) * other) / 255);
  }
  return most;
}

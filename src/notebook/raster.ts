import { encodeBase64 } from "../module/base64.ts";
import { withPalette } from "./palette.ts";
import { png } from "./png.ts";

/** A png as base64. */
export interface Raster {
  readonly base64: string;
  /** The width at which it is shown, whatever it has; in pixels. */
  readonly width: number;
}

/** Shares of a picture's width and numbers of colours, the best first. */
const choices = [[1, 256], [1, 32], [0.75, 32], [0.6, 16], [0.5, 16], [0.4, 16], [0.3, 16], [0.2, 8]] as const;

/** An svg as a png of at most so many letters: with fewer colours, then smaller. The smallest there is if none fits. */
export async function rasterOf(svg: string, most: number, smallest = 0.2): Promise<Raster> {
  const width = Number(svg.match(/<svg [^>]*?\bwidth="([\d.]+)"/)?.[1] ?? 800);
  let base64 = "", drawn: { share: number; bytes: Uint8Array } | undefined;
  const possible = choices.filter(([share]) => share >= smallest), last = possible.at(-1);
  for (const choice of possible) {
    const [share, colours] = choice;
    // Fewer colours save a half at most, fewer pixels what they are.
    const expected = drawn === undefined ? 0 : base64.length * (share / drawn.share) ** 2 / 2;
    if (expected > most && choice !== last) continue;
    if (drawn?.share !== share) drawn = { share, bytes: await png(svg, { width: Math.round(width * share) }) };
    base64 = encodeBase64(withPalette(drawn.bytes, colours));
    if (base64.length <= most) break;
  }
  return { base64, width };
}

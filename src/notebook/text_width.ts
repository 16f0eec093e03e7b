/** Widths of characters of a sans-serif font, in hundredths of its size; those of the widest common one, so that none is cut. */
const widths: readonly [characters: string, width: number][] = [
  ["ijl|'", 29],
  [".,:;! ", 33],
  ['()[]/\\It"-fr', 40],
  ["csvxyz?Jk*", 55],
  ["mwMW@%", 92],
  ["ABCDEFGHKLNOPQRSTUVXYZ&+<>=~#_", 72],
];

const widthOf = new Map(widths.flatMap(([characters, width]) => [...characters].map((one) => [one, width] as const)));

/** How wide a text of a sans-serif font is about, in pixels; `size` in pixels. Nothing here has a screen to measure on. */
export function textWidth(text: string, size: number): number {
  let hundredths = 0;
  for (const character of text) hundredths += widthOf.get(character) ?? (character > "\u2e7f" ? 100 : 61);
  return hundredths * size / 100;
}

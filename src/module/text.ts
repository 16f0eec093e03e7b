import type { Json } from "./value.ts";

/**
 * How many single-character edits lie between two words, case apart; two neighbours that changed places are one edit
 * (V. Levenshtein 1966; F. Damerau, CACM 7, 1964).
 */
export function distance(a: string, b: string): number {
  [a, b] = [a.toLowerCase(), b.toLowerCase()];
  let before: number[] = [], row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced, swapped));
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}

/**
 * The candidate nearest to a word that was probably mistyped; undefined when none comes near. One that the word is short
 * for, the letters in its middle left out (`ConcatDataset`), is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined, least = Math.max(2, Math.ceil(word.length / 2)) + 1;
  for (const candidate of candidates) {
    const edits = isShortFor(word, candidate) ? Math.min(2, distance(word, candidate)) : distance(word, candidate);
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** Whether a word is another one without some letters in its middle; its first five at least are there. */
function isShortFor(word: string, long: string): boolean {
  const [a, b] = [word.toLowerCase(), long.toLowerCase()];
  let begin = 0, end = 0;
  while (begin < a.length && a[begin] === b[begin]) begin++;
  while (end < a.length - begin && a.at(-1 - end) === b.at(-1 - end)) end++;
  return begin >= 5 && begin + end === a.length && b.length > a.length;
}

/** `did you mean "x"?`, or the list of what is known when nothing comes near. */
export function suggest(word: string, candidates: Iterable<string>): string {
  const known = [...candidates];
  const near = nearest(word, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  return known.length === 0 ? "none is known" : `known are ${quoted(known)}`;
}

/** `"a", "b", "c"`, cut after a dozen. */
export function quoted(names: Iterable<string>): string {
  const all = [...names];
  const shown = all.slice(0, 12).map((name) => `"${name}"`).join(", ");
  return all.length > 12 ? `${shown} and ${all.length - 12} more` : shown;
}

/** A value as a command line gives it: JSON where it is JSON, else text. */
export function parseScalar(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

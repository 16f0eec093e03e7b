/**
 * Which of a series' points to draw so that it looks the same on a screen: ascending indices, at most `points` of them
 * (5 or more). The first and the last, the lowest and the highest of each of equally many values in between, and one
 * gap (a value or place that is not finite) for each such part that has one: extremes stay, a gap stays a gap. One pass.
 */
export function reduce(x: ArrayLike<number>, y: ArrayLike<number>, points: number): Uint32Array {
  if (!Number.isInteger(points) || points < 5) {
    throw new RangeError(`Cannot reduce a series to ${points} points: give a whole number, 5 or more`);
  }
  const length = Math.min(x.length, y.length);
  if (length <= points) return Uint32Array.from({ length }, (_, index) => index);
  const kept = new Uint32Array(points);
  const parts = Math.floor((points - 2) / (hasGap(x, y, length) ? 3 : 2));
  let count = 1;
  for (let part = 0; part < parts; part++) {
    const start = 1 + Math.floor(part * (length - 2) / parts);
    const end = 1 + Math.floor((part + 1) * (length - 2) / parts);
    count = keepPart(x, y, start, end, kept, count);
  }
  kept[count++] = length - 1;
  return kept.slice(0, count);
}

function hasGap(x: ArrayLike<number>, y: ArrayLike<number>, length: number): boolean {
  for (let i = 0; i < length; i++) if (!Number.isFinite(y[i]! + x[i]!)) return true;
  return false;
}

/** Writes the indices of one part's lowest, highest and first missing value, in order; gives how many are kept by then. */
function keepPart(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  start: number,
  end: number,
  kept: Uint32Array,
  count: number,
): number {
  let low = -1, high = -1, gap = -1;
  for (let i = start; i < end; i++) {
    if (!Number.isFinite(y[i]! + x[i]!)) gap = gap < 0 ? i : gap;
    else {
      if (low < 0 || y[i]! < y[low]!) low = i;
      if (high < 0 || y[i]! > y[high]!) high = i;
    }
  }
  const chosen = [low, high === low ? -1 : high, gap].filter((index) => index >= 0).sort((a, b) => a - b);
  for (const index of chosen) kept[count++] = index;
  return count;
}

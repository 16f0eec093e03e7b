/** A number with as many digits as a chart can show, 5 unless said otherwise. */
export const short = (value: number, digits = 5): number =>
  Number.isInteger(value) && Math.abs(value) < 1e9 ? value : Number(value.toPrecision(digits));

/** Points of one series, of equal lengths. */
export interface Points {
  readonly x: number[];
  readonly y: number[];
}

/** What came of one series since the last frame. */
interface Range {
  count: number;
  low: number;
  lowAt: number;
  lowCount: number;
  high: number;
  highAt: number;
  highCount: number;
  last: number;
  lastAt: number;
}

/**
 * What to send of each series from one frame to the next: its lowest, its highest and its last value, in the order in
 * which they came, however many there were. Adding a value takes constant time and no memory.
 */
export class Ranges {
  readonly #ranges = new Map<string, Range>();

  /** Takes one value; a missing one (not finite) counts only as the last. */
  add(name: string, x: number, y: number): void {
    const range = this.#ranges.get(name) ?? this.#begin(name);
    range.count++;
    range.last = y;
    range.lastAt = x;
    if (!Number.isFinite(y)) return;
    if (range.lowCount === 0 || y < range.low) {
      range.low = y;
      range.lowAt = x;
      range.lowCount = range.count;
    }
    if (range.highCount === 0 || y > range.high) {
      range.high = y;
      range.highAt = x;
      range.highCount = range.count;
    }
  }

  /** The points of each series that had values since the last call, three at most; then begins anew. */
  take(): Record<string, Points> {
    const taken: [string, Points][] = [];
    for (const [name, range] of this.#ranges) {
      if (range.count === 0) continue;
      taken.push([name, pointsOf(range)]);
      range.count = range.lowCount = range.highCount = 0;
    }
    return Object.fromEntries(taken);
  }

  #begin(name: string): Range {
    const range = {
      count: 0,
      low: 0,
      lowAt: 0,
      lowCount: 0,
      high: 0,
      highAt: 0,
      highCount: 0,
      last: 0,
      lastAt: 0,
    };
    this.#ranges.set(name, range);
    return range;
  }
}

function pointsOf({ count, low, lowAt, lowCount, high, highAt, highCount, last, lastAt }: Range): Points {
  const places = new Map<number, [number, number]>();
  if (lowCount > 0 && lowCount <= highCount) places.set(lowCount, [lowAt, low]);
  if (highCount > 0) places.set(highCount, [highAt, high]);
  if (lowCount > highCount) places.set(lowCount, [lowAt, low]);
  places.set(count, [lastAt, last]);
  const points = [...places.values()];
  return { x: points.map(([x]) => short(x, 7)), y: points.map(([, y]) => short(y)) };
}

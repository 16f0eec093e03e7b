/**
 * Orders names as people number them, `shard-2` before `shard-10`: runs of digits by their value, all else by code
 * units; the same on every machine, whatever its language.
 */
export function naturally(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = compareParts(left[i]!, right[i]!);
    if (difference !== 0) return difference;
  }
  return left.length - right.length || compareText(a, b);
}

const partsOf = (name: string): string[] => name.match(/\d+|\D+/g) ?? [];

function compareParts(a: string, b: string): number {
  if (!/^\d/.test(a) || !/^\d/.test(b)) return compareText(a, b);
  const [x, y] = [a.replace(/^0+(?=\d)/, ""), b.replace(/^0+(?=\d)/, "")];
  return x.length - y.length || compareText(x, y);
}

const compareText = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

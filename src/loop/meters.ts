/** Weighted sums of named values: plain data, so that a Module can hold it as state in the middle of an epoch. */
export type Meters = Record<string, { sum: number; weight: number }>;

/** Adds values that are means over `weight` samples. */
export function addTo(meters: Meters, values: Readonly<Record<string, number>>, weight: number): void {
  for (const name in values) {
    const meter = meters[name] ??= { sum: 0, weight: 0 };
    meter.sum += values[name]! * weight;
    meter.weight += weight;
  }
}

/** The means over all samples added: right also over unequal batches. */
export const meansOf = (meters: Meters): Record<string, number> =>
  Object.fromEntries(Object.entries(meters).map(([name, { sum, weight }]) => [name, sum / weight]));

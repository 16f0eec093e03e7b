/** How many items tell whether targets are whole numbers: one alone may be so by chance. */
export const looks = 32;

/** Numbers of the items that are looked at: spread over all, or the first ones where nobody knows how many there are. */
export function lookPlaces(size: number): number[] {
  const count = Math.min(size, looks), stride = size === Infinity ? 1 : size / count;
  return Array.from({ length: count }, (_, i) => Math.floor(i * stride));
}

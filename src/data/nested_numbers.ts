/** Numbers in lists, nested to any depth. */
export type Numbers = readonly (number | Numbers)[];

/** The numbers in lists, one after another, and the shape that the lists have; undefined for any other value. */
export function nestedNumbers(value: unknown): { numbers: number[]; shape: number[] } | undefined {
  if (!Array.isArray(value)) return undefined;
  const numbers = value.flat(Infinity), shape = shapeOf(value);
  const whole = numbers.length === shape.reduce((size, n) => size * n) && fits(value, shape);
  return whole && numbers.every((item) => typeof item === "number") ? { numbers, shape } : undefined;
}

/** The shape of nested lists, as the first of each tells it. */
const shapeOf = (list: unknown): number[] => Array.isArray(list) ? [list.length, ...shapeOf(list[0])] : [];

/** Whether nested lists are of one shape all over. */
const fits = (list: unknown, [n, ...rest]: readonly number[]): boolean =>
  n === undefined
    ? !Array.isArray(list)
    : Array.isArray(list) && list.length === n && list.every((item) => fits(item, rest));

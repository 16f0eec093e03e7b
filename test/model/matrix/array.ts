import { sizeOf } from "../../../src/module/ndarray.ts";

/** Numbers in 64 bits, with a shape. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Every place of a shape, the last index running fastest. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  const size = sizeOf(shape);
  for (let i = 0; i < size; i++) {
    const at = new Array<number>(shape.length);
    let rest = i;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    yield at;
  }
}

/** The number at a place; `outside` beyond the edges. */
export function get({ shape, data }: Numbers, at: readonly number[], outside = 0): number {
  let place = 0;
  for (const [axis, index] of at.entries()) {
    if (index < 0 || index >= shape[axis]!) return outside;
    place = place * shape[axis]! + index;
  }
  return data[place]!;
}

/** An array whose numbers are a function of their places. */
export const fill = (shape: readonly number[], value: (at: number[]) => number): Numbers => ({
  shape,
  data: Array.from(indices(shape), value),
});

/** Adds up a function over the places of a shape. */
export function sumOver(shape: readonly number[], value: (at: number[]) => number): number {
  let sum = 0;
  for (const at of indices(shape)) sum += value(at);
  return sum;
}

/** Another order of dimensions. */
export const turned = (x: Numbers, order: readonly number[]): Numbers =>
  fill(order.map((axis) => x.shape[axis]!), (at) => {
    const place = new Array<number>(at.length);
    order.forEach((axis, i) => place[axis] = at[i]!);
    return get(x, place);
  });

/** The function of each number. */
export const map = ({ shape, data }: Numbers, f: (x: number) => number): Numbers => ({
  shape,
  data: Array.from(data, f),
});

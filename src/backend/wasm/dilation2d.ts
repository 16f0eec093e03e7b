import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Family, Machine } from "./kernel.ts";
import { type Axis, windowAxes } from "./window.ts";

/**
 * Greyscale dilation, the largest of `x + filter` under the window, and its gradients, which go to the first largest.
 * Taps outside count for nothing; tfjs's own reads beyond the edge.
 */
export const dilation2d: Family = (machine) => ({
  Dilation2D: ({ inputs: { x, filter }, attrs }) => {
    const { heap } = machine, axes = axesOf(x, filter, attrs), ways = x.shape[3];
    const y = heap.output([x.shape[0], ...axes.map(({ places }) => places), ways], x.dtype), to = heap.floats(y);
    eachLargest(machine, x, filter, axes, (place, _from, _weight, largest) => void (to[place] = largest));
    return y;
  },
  Dilation2DBackpropInput: ({ inputs: { x, filter, dy }, attrs }) => gradient(machine, x, filter, dy, attrs, x),
  Dilation2DBackpropFilter: ({ inputs: { x, filter, dy }, attrs }) => gradient(machine, x, filter, dy, attrs, filter),
});

function gradient(
  machine: Machine,
  x: TensorInfo,
  filter: TensorInfo,
  dy: TensorInfo,
  attrs: Call["attrs"],
  of: TensorInfo,
): TensorInfo {
  const { heap } = machine,
    result = heap.output(of.shape, of.dtype),
    to = heap.floats(result).fill(0),
    from = heap.floats(dy);
  eachLargest(machine, x, filter, axesOf(x, filter, attrs), (place, at, weight) => {
    if (at >= 0) to[of === x ? at : weight]! += from[place]!;
  });
  return result;
}

/** Calls for every place with where its largest sum came from, in x and in the filter: -1 where no tap is inside. */
function eachLargest(
  { heap }: Machine,
  x: TensorInfo,
  filter: TensorInfo,
  [down, across]: [Axis, Axis],
  take: (place: number, at: number, weight: number, largest: number) => void,
): void {
  const numbers = heap.floats(x), weights = heap.floats(filter), ways = x.shape[3]!, taps = down.taps * across.taps;
  let place = 0;
  for (let b = 0; b < x.shape[0]!; b++) {
    for (let h = 0; h < down.places; h++) {
      for (let w = 0; w < across.places; w++) {
        for (let c = 0; c < ways; c++) {
          let largest = -Infinity, at = -1, weight = -1;
          for (let tap = 0; tap < taps; tap++) {
            const row = positionOf(down, h, Math.floor(tap / across.taps)),
              pixel = positionOf(across, w, tap % across.taps);
            if (row < 0 || pixel < 0) continue;
            const from = ((b * down.length + row) * across.length + pixel) * ways + c, by = tap * ways + c;
            const sum = numbers[from]! + weights[by]!;
            // Written so that NaN is taken.
            if (at >= 0 && !(sum > largest) && sum === sum) continue;
            [largest, at, weight] = [sum, from, by];
          }
          take(place++, at, weight, largest);
        }
      }
    }
  }
}

/** Where a tap is on an axis; -1 outside. */
function positionOf({ stride, before, dilation, length }: Axis, place: number, tap: number): number {
  const position = place * stride - before + tap * dilation;
  return position < length ? Math.max(-1, position) : -1;
}

const axesOf = (x: TensorInfo, filter: TensorInfo, attrs: Call["attrs"]): [Axis, Axis] =>
  windowAxes(x.shape.slice(1, 3), filter.shape.slice(0, 2), attrs as never) as [Axis, Axis];

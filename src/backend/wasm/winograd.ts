import type { Ending } from "./ending.ts";
import { imageParts, sumParts } from "./image_parts.ts";
import type { Machine } from "./kernel.ts";
import type { Axis } from "./window.ts";

/** A convolution that Winograd's transforms suit, see `assembly/winograd.ts`. */
export interface WinogradPlan {
  /** Where the images lie: [images, height, width, channels]. */
  readonly x: number;
  readonly shape: readonly [images: number, height: number, width: number, channels: number];
  /** The outputs of an image, and how many numbers each has. */
  readonly grid: readonly [height: number, width: number];
  readonly columns: number;
  /** How far before the first pixel the first output's kernel begins, and how long it is, on both axes. */
  readonly before: readonly [above: number, left: number];
  readonly taps: readonly [tall: number, wide: number];
}

/** How the weights lie: where the first is, and the steps from line to line, tap to tap, channel to channel, column to column. */
export interface WinogradWeights {
  readonly place: number;
  readonly line: number;
  readonly tap: number;
  readonly depth: number;
  readonly column: number;
}

/** How many bytes of transformed tiles stay near the processor. */
const near = 500_000;

/**
 * Whether fewer multiplications outweigh the transforms: kernels of 3 to 5 numbers a side, side by side, whose window
 * moves by one; as many channels on both sides, and as many tiles, as make the products worth it.
 */
export function suitsWinograd(axes: readonly [Axis, Axis], images: number, channels: number, columns: number): boolean {
  const plain = axes.every(({ taps, stride, dilation }) => taps >= 3 && taps <= 5 && stride === 1 && dilation === 1);
  if (!plain || channels % 4 !== 0 || columns % 4 !== 0 || channels < 8 || columns < 8) return false;
  const tiles = axes.map(({ places, taps }) => Math.ceil(places / (7 - taps)));
  const outputs = axes.reduce((count, { places, taps }, i) => count * places / (tiles[i]! * (7 - taps)), 1);
  return images * tiles[0]! * tiles[1]! >= 32 && outputs > 0.6;
}

/** The convolution, to a place in the memory; some images on each thread. */
export function winograd(
  machine: Machine,
  plan: WinogradPlan,
  { place, line, tap, depth, column }: WinogradWeights,
  to: number,
  { bias = 0, activation = 0, alpha = 0 }: Partial<Ending> = {},
): void {
  const parts = machine.divide(plan.shape[0], multiplicationsOf(plan)), places = outputsOf(plan, parts, to);
  withScratch(machine, parts.map((part) => someImages(plan, part)), (plans, scratches) => {
    const rest = [place, line, tap, depth, column] as const;
    const calls = plans.map((plan, i) => [plan, ...rest, places[i]!, bias, activation, alpha, scratches[i]!]);
    machine.together("winograd", calls);
  });
}

/** The gradient of the kernel, [tall, wide, channels, columns], by that of the outputs; both are places in the memory. */
export function winogradGradient(machine: Machine, plan: WinogradPlan, dy: number, to: number): void {
  const { shape: [images, , , channels], columns, taps } = plan;
  const parts = imageParts(images, multiplicationsOf(plan)), from = outputsOf(plan, parts, dy);
  sumParts(machine, parts, to, taps[0] * taps[1] * channels * columns, (places) => {
    withScratch(machine, parts.map((part) => someImages(plan, part)), (plans, scratches) => {
      machine.together("winogradGradient", plans.map((plan, i) => [plan, from[i]!, places[i]!, scratches[i]!]));
    });
  });
}

type Part = readonly [first: number, count: number];

function someImages(plan: WinogradPlan, [first, count]: Part): WinogradPlan {
  const [, height, width, channels] = plan.shape;
  return { ...plan, x: plan.x + 4 * first * height * width * channels, shape: [count, height, width, channels] };
}

/** Where the outputs of parts of the images are. */
const outputsOf = ({ grid, columns }: WinogradPlan, parts: readonly Part[], start: number): number[] =>
  parts.map(([first]) => start + 4 * first * grid[0] * grid[1] * columns);

/** As many as the convolution would take without the transforms. */
const multiplicationsOf = ({ shape, grid, columns, taps }: WinogradPlan): number =>
  shape[0] * grid[0] * grid[1] * taps[0] * taps[1] * shape[3] * columns;

function withScratch(
  { heap, native }: Machine,
  plans: readonly WinogradPlan[],
  work: (plans: number[], scratches: number[]) => void,
): void {
  const numbers = plans.map(({ x, shape, grid, columns, before, taps }) => {
    const atOnce = Math.max(8, Math.min(64, Math.floor(near / (144 * (shape[3] + columns))) & ~3));
    return [x, ...shape, ...grid, ...before, ...taps, columns, atOnce];
  });
  heap.scratches(numbers.map(({ length }) => 4 * length), (places) => {
    places.forEach((place, i) => new Int32Array(heap.memory.buffer, place, numbers[i]!.length).set(numbers[i]!));
    heap.scratches(places.map((place) => native.winogradScratch!(place)), (scratches) => work(places, scratches));
  });
}

import type { Heap } from "./heap.ts";

type Shape = readonly [images: number, height: number, width: number, channels: number];

/** What is convolved, for `assembly/convolution.ts`. */
export interface ConvolutionPlan {
  /** Where the images lie: [images, height, width, channels]. */
  readonly x: number;
  readonly shape: Shape;
  /**
   * How many numbers a tap takes: those of several pixels side by side, where that is more than the channels. Then there
   * are as many pixels behind each that is looked at, and 12 bytes behind the last.
   */
  readonly run?: number;
  /** The grid of points, each a row of the product: point (i, j) is at (i stepDown, j stepRight) of an image. */
  readonly grid: readonly [height: number, width: number];
  readonly steps: readonly [down: number, right: number];
  /** Places in the kernel: how far down and right of a point's place each looks, and where its weights lie. */
  readonly taps: readonly (readonly [down: number, right: number, weights: number])[];
}

/** Describes convolutions to our kernels for as long as some work takes. */
export function withPlans<T>(heap: Heap, plans: readonly ConvolutionPlan[], work: (plans: number[]) => T): T {
  const numbers = plans.map(numbersOf);
  return heap.scratches(numbers.map(({ length }) => 4 * length), (places) => {
    places.forEach((place, i) => new Int32Array(heap.memory.buffer, place, numbers[i]!.length).set(numbers[i]!));
    return work(places);
  });
}

function numbersOf({ x, shape, grid, steps, taps, run }: ConvolutionPlan): number[] {
  const [images, height, width, channels] = shape;
  return [x, images, height, width, run ?? channels, ...grid, ...steps, taps.length, channels, ...taps.flat()];
}

/** The same for some of the images. */
export function someImages(plan: ConvolutionPlan, [first, count]: readonly [number, number]): ConvolutionPlan {
  const [, height, width, channels] = plan.shape;
  return { ...plan, x: plan.x + 4 * first * height * width * channels, shape: [count, height, width, channels] };
}

/** How many multiplications it takes for so many columns. */
export function multiplicationsOf({ shape, run, grid, taps }: ConvolutionPlan, columns: number): number {
  return shape[0] * grid[0] * grid[1] * taps.length * (run ?? shape[3]) * columns;
}

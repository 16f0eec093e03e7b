import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Heap } from "./heap.ts";

/** The sizes of a recurrent net's run; with padding: `rows` of `batch`, `inputs` of `features`, `width` of `units`. */
export interface Layout {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
  /** How many times as wide as the units the weights are. */
  readonly gates: number;
  readonly rows: number;
  readonly inputs: number;
  readonly width: number;
}

/** @param x [batch, time, features]; @param recurrentKernel [units, gates * units] */
export function layoutOf(x: TensorInfo, recurrentKernel: TensorInfo): Layout {
  const [batch, time, features] = x.shape as [number, number, number];
  const [units, columns] = recurrentKernel.shape as [number, number];
  return {
    ...{ batch, time, features, units, gates: columns / units },
    ...{ rows: padded(batch, 4), inputs: padded(features, 4), width: padded(units, 8) },
  };
}

/** The least multiple of `step` that holds n. */
export const padded = (n: number, step: number): number => Math.ceil(n / step) * step;

/** How many bytes a panel of a matrix of so many rows takes. */
export const panel = (rows: number): number => rows * 16;

/** How many bytes a matrix of all rows takes that has so many columns. */
export const bytesOf = ({ rows }: Layout, columns: number): number => rows * columns * 4;

/** What one step's numbers are kept in: so many columns of all rows; states have one more, from before the first. */
export interface Region {
  readonly columns: number;
  readonly state?: boolean;
}

/** The regions of every cell: what a step's product takes (its input and the output before), and its gates. */
export const commonRegions = ({ inputs, width, gates }: Layout) => ({
  input: { columns: inputs + width, state: true },
  gates: { columns: gates * width },
});

/**
 * Where the numbers of each step lie: region by region, in each step by step, so that the way back finds them. Where
 * nothing goes back, each step takes the place of the one before.
 */
export class Trace {
  /** How many bytes it takes. */
  readonly bytes: number;
  readonly #places = new Map<string, { offset: number; stride: number }>();

  constructor(layout: Layout, regions: Readonly<Record<string, Region>>, kept: boolean) {
    let offset = 0;
    for (const [name, { columns, state }] of Object.entries(regions)) {
      const bytes = bytesOf(layout, columns);
      this.#places.set(name, { offset, stride: kept ? bytes : 0 });
      offset += bytes * (kept ? layout.time + (state ? 1 : 0) : 1);
    }
    this.bytes = offset;
  }

  /** How many bytes a region's step is after the one before. */
  stride(region: string): number {
    return this.#places.get(region)!.stride;
  }

  /** Where a region's step lies, from the trace's beginning. */
  offset(region: string, step: number): number {
    const { offset, stride } = this.#places.get(region)!;
    return offset + step * stride;
  }
}

/** The beginning of a cache line. */
export const lineStart = (pointer: number): number => pointer + 63 - (pointer + 63) % 64;

/** A new tensor for so many bytes that begin with a cache line. Where that is, is its first number: copies move it. */
export function outputAtLine(heap: Heap, bytes: number): TensorInfo {
  const tensor = heap.output([bytes / 4 + 17]);
  const pointer = heap.pointer(tensor);
  heap.floats(tensor)[0] = lineStart(pointer + 4) - pointer;
  return tensor;
}

/** Where what {@linkcode outputAtLine} made begins. */
export const lineOf = (heap: Heap, tensor: TensorInfo): number => heap.pointer(tensor) + heap.floats(tensor)[0]!;

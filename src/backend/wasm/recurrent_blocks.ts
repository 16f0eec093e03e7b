import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Machine } from "./kernel.ts";
import { type Layout, panel } from "./recurrent_layout.ts";

type Tools = Pick<Machine, "heap" | "native">;

/** A matrix as tensors hold it: where it begins, and how many bytes each row is after the one before. */
export interface Place {
  readonly at: number;
  readonly rowStride: number;
}

/** Brings a matrix of one row an item into panels (see `assembly/recurrent_blocks.ts`), or adds it to what is there. */
export function bring(
  { native }: Tools,
  { batch, rows, width }: Layout,
  { at, rowStride }: Place,
  columns: number,
  to: number,
  padded: number = width,
  add = false,
): void {
  native.toBlocks!(at, rowStride, 4, batch, columns, to, rows, padded, panel(rows), Number(add));
}

/** Brings a state in panels back into a tensor's memory. */
export function take({ native }: Tools, { batch, rows, units }: Layout, from: number, { at, rowStride }: Place): void {
  native.fromBlocks!(from, panel(rows), batch, units, at, rowStride);
}

/** Brings the kernel, and under it the recurrent kernel, into panels: [inputs + width, gates * width]. */
export function bringWeights(
  { heap, native }: Tools,
  { features, units, gates, inputs, width }: Layout,
  { kernel, recurrentKernel }: Record<string, TensorInfo>,
  to: number,
): void {
  const depth = inputs + width, stride = gates * units * 4;
  for (let gate = 0; gate < gates; gate++) {
    const [first, from] = [to + gate * width * depth * 4, gate * units * 4];
    native.toBlocks!(heap.pointer(kernel!) + from, stride, 4, features, units, first, inputs, width, panel(depth), 0);
    const recurrent = heap.pointer(recurrentKernel!) + from;
    native.toBlocks!(recurrent, stride, 4, units, units, first + inputs * 16, width, width, panel(depth), 0);
  }
}

/** As {@linkcode bringWeights}, of one kernel of so many rows turned round: [gates * width, columns]. */
export function bringTurned(
  { heap, native }: Tools,
  { units, gates, width }: Layout,
  kernel: TensorInfo,
  rows: number,
  to: number,
  columns: number,
): void {
  for (let gate = 0; gate < gates; gate++) {
    const from = heap.pointer(kernel) + gate * units * 4, first = to + gate * width * 16;
    native.toBlocks!(from, 4, gates * units * 4, units, rows, first, width, columns, panel(gates * width), 0);
  }
}

/** Brings the bias, or zeros, into a row of [gates * width]. */
export function bringBias(tools: Tools, layout: Layout, bias: TensorInfo | undefined, to: number): void {
  const { units, gates, width } = layout;
  if (bias === undefined) return clear(tools, to, gates * width * 4);
  for (let gate = 0; gate < gates; gate++) {
    const from = tools.heap.pointer(bias) + gate * units * 4;
    tools.native.toBlocks!(from, 0, 4, 1, units, to + gate * width * 4, 1, width, 16, 0);
  }
}

/** Brings a mask [batch, time] into [time, rows], in the order of the steps. */
export function bringMask(
  { heap }: Tools,
  { batch, rows, time }: Layout,
  mask: TensorInfo,
  goBackwards: boolean,
  to: number,
): void {
  const from = heap.floats(mask);
  const steps = new Float32Array(from.buffer, to, time * rows).fill(0);
  for (let step = 0; step < time; step++) {
    const at = goBackwards ? time - 1 - step : step;
    for (let item = 0; item < batch; item++) steps[step * rows + item] = from[item * time + at]!;
  }
}

/** Puts zeros. */
export function clear({ heap }: Tools, at: number, bytes: number): void {
  new Uint8Array(heap.memory.buffer, at, bytes).fill(0);
}

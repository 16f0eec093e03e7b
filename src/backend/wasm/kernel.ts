import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import type { Heap } from "./heap.ts";

/** What tfjs calls a kernel with. */
export interface Call {
  // deno-lint-ignore no-explicit-any -- each kernel knows its own
  readonly inputs: Record<string, any>;
  // deno-lint-ignore no-explicit-any -- each kernel knows its own
  readonly attrs: Record<string, any>;
}

/** Computes; what it makes for itself it frees, for nothing that it makes is counted or tidied. */
export type Kernel = (call: Call) => TensorInfo | TensorInfo[];

/** What a family of kernels computes with. */
export interface Machine {
  readonly tf: TF;
  readonly heap: Heap;
  /** The functions of our own module, see `assembly/`. */
  readonly native: Readonly<Record<string, (...numbers: number[]) => number>>;
  /**
   * Parts, [first, count], into which so many things are best divided: one for each thread, if there are multiplications
   * enough to be worth it. Where the parts end must not change what comes out.
   */
  divide(things: number, multiplications: number): readonly (readonly [first: number, count: number])[];
  /** Runs a function of our module on several parts at once, each with arguments of its own. */
  together(name: string, calls: readonly (readonly number[])[]): void;
  /** What tfjs's own wasm backend has under a name, before ours took its place. */
  stock(name: string): Kernel;
  /** Runs what is registered under a name now, without the engine's bookkeeping: the caller frees what comes of it. */
  run(name: string, inputs: Call["inputs"], attrs?: Call["attrs"]): TensorInfo;
}

/** Kernels of one kind, by the names that tfjs knows them by: missing ones, and those that take the place of its own. */
export type Family = (machine: Machine) => Readonly<Record<string, Kernel>>;

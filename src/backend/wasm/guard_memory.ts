import type { KernelBackend } from "@tensorflow/tfjs-core";
import { describeBytes } from "../../module/bytes.ts";

/** The most bytes that the memory may grow to: all that 32 bits can count. */
export const greatestMemory = 2 ** 32;

/** Bytes that are kept free for what tfjs's module takes by itself: where it finds none, it ends for good. */
const reserve = 2 ** 27;

/** What takes and gives memory in tfjs's wasm backend. */
interface Allocating {
  readonly wasm: { _malloc(bytes: number): number; _free(place: number): void };
}

const guarded = new WeakSet<object>();

/**
 * Lets tfjs's wasm backend say so when its memory is full: it would go on at address 0 and overwrite what lies there.
 */
export function guardMemory(backend: KernelBackend, memory: WebAssembly.Memory): void {
  const { wasm } = backend as unknown as Allocating;
  if (guarded.has(wasm)) return;
  guarded.add(wasm);
  wasm._free(wasm._malloc(1)); // The first call would put the module's own in this one's place.
  const allocate = wasm._malloc;
  const place = (bytes: number) => bytes < greatestMemory ? allocate(bytes) >>> 0 : 0;
  /** Whether there is room for the reserve besides; asked only when the memory has almost all that it can have. */
  const hasRoom = (bytes: number): boolean => {
    if (memory.buffer.byteLength < greatestMemory - reserve - bytes) return true;
    const both = place(bytes + reserve);
    wasm._free(both);
    return both !== 0;
  };
  wasm._malloc = (bytes) => {
    const found = hasRoom(bytes) ? place(bytes) : 0;
    if (found !== 0 || bytes === 0) return found;
    throw new RangeError(
      `Cannot compute on wasm: no room for ${describeBytes(bytes)} more, its memory holds ${
        describeBytes(greatestMemory)
      } at most; use smaller batches, a smaller net or another backend`,
    );
  };
}

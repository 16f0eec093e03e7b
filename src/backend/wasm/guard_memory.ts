import type { KernelBackend } from "@tensorflow/tfjs-core";
import { describeBytes } from "../../module/bytes.ts";

/** All that 32 bits can count. */
const addresses = 2 ** 32;
/** Bytes that are kept for what tfjs's module takes by itself: where it finds none, it ends for good. */
const reserve = 2 ** 27;
/** How much more than it is asked for the module may take at once. */
const margin = 2 ** 20;
/** The size of a page. WebAssembly core specification 2.0, 4.2.8. */
const page = 2 ** 16;

/** The most bytes that tensors can have together, and the most that one can have. */
export const room = { bytes: addresses - reserve, tensor: (addresses - reserve) / 2 - margin } as const;

/** What takes and gives memory in tfjs's wasm backend. */
interface Allocating {
  readonly wasm: { _malloc(bytes: number): number; _free(place: number): void };
}

const guarded = new WeakSet<object>();

/**
 * Lets tfjs's wasm backend say so when its memory is full. It would go on at address 0, or begin again at 0 where what
 * is wanted reaches beyond 32 bits, and overwrite what lies there. So the memory grows only as long as the largest
 * tensor so far has addresses above it: whatever is asked for then, the module's own arithmetic comes to the right end.
 */
export function guardMemory(backend: KernelBackend, memory: WebAssembly.Memory): void {
  const { wasm } = backend as unknown as Allocating;
  if (guarded.has(wasm)) return;
  guarded.add(wasm);
  wasm._free(wasm._malloc(1)); // The first call would put the module's own in this one's place.
  const allocate = wasm._malloc, grow = memory.grow.bind(memory);
  let largest = reserve, isOurs = false;
  memory.grow = (pages) => {
    const most = addresses - largest - (isOurs ? reserve : 0);
    if (memory.buffer.byteLength + pages * page <= most) return grow(pages);
    throw new RangeError("the memory is full"); // tfjs's module takes this for a word that there is no more
  };
  wasm._malloc = (bytes) => {
    const wanted = Math.max(largest, bytes + margin);
    if (memory.buffer.byteLength + wanted > addresses) throw full(bytes);
    largest = wanted;
    isOurs = true;
    try {
      const place = allocate(bytes) >>> 0;
      if (place === 0 && bytes > 0) throw full(bytes);
      return place;
    } finally {
      isOurs = false;
    }
  };
}

const full = (bytes: number): RangeError =>
  new RangeError(
    `Cannot compute on wasm: no room for ${describeBytes(bytes)} more, its memory holds ${
      describeBytes(addresses)
    } at most; use smaller batches, a smaller net or another backend`,
  );

/** How large a shared buffer is, and the most that is put into one. */
const shared = 2 ** 22, small = 2 ** 19;

/**
 * Room for arrays' elements. Small arrays, up to an image, lie side by side in buffers of 4 MiB: making a buffer costs far
 * more than filling it, and a file of Examples has some for each of a hundred thousand rows; and buffers that are all of one
 * size leave no holes where they are collected, which had doubled what a long file took. Large arrays have their own.
 */
export class Room {
  /** The buffer in which the last piece lies. */
  buffer = new ArrayBuffer(0);
  #used = 0;

  /** Room for so many bytes, all zero: where in {@linkcode buffer} it begins, a place that fits any type. */
  take(length: number): number {
    if (length > small) this.buffer = new ArrayBuffer(this.#used = length);
    else if (this.#used + length > this.buffer.byteLength) {
      this.buffer = new ArrayBuffer(shared);
      this.#used = 0;
    }
    if (length > small) return 0;
    const at = this.#used;
    this.#used += length + 7 & ~7;
    return at;
  }

  /** A copy of bytes. */
  copy(bytes: Uint8Array, from: number, to: number): Uint8Array<ArrayBuffer> {
    if (to - from > small) return bytes.slice(from, to) as Uint8Array<ArrayBuffer>;
    const at = this.take(to - from), copy = new Uint8Array(this.buffer, at, to - from);
    if (to - from > 32) copy.set(bytes.subarray(from, to));
    else for (let i = from; i < to; i++) copy[i - from] = bytes[i]!;
    return copy;
  }
}

const shapes: (readonly [number])[] = [];

/** The shape of an array of one dimension; the same one for all short arrays of a length. */
export const vectorShape = (length: number): readonly [number] =>
  length < 4096 ? shapes[length] ??= Object.freeze([length]) as readonly [number] : [length];

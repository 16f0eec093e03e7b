/** Bytes that grow at their end, all in one buffer of at most double their size. */
export class Growing {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  add(bytes: Uint8Array, from: number, to: number): void {
    const at = this.#take(to - from);
    if (to - from > 32) this.#bytes.set(bytes.subarray(from, to), at);
    else for (let i = from; i < to; i++) this.#bytes[at + i - from] = bytes[i]!;
  }

  /** Two words of 32 bits, the lower one first. */
  addWords(low: number, high: number): void {
    const at = this.#take(8);
    this.#view.setInt32(at, low, true);
    this.#view.setInt32(at + 4, high, true);
  }

  /** A copy of a part, in a buffer of its own. */
  bytes(from = 0, to: number = this.length): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(from, to);
  }

  #take(length: number): number {
    const at = this.length;
    this.length += length;
    if (this.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

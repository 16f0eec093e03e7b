/** What tells that a record is no tf.train.Example. */
export class NoExample extends Error {}

/** A tag: a field's number, and how its content is given: a number, a length and as many bytes, or four bytes. */
const tag = (field: number, type: 0 | 2 | 5): number => field << 3 | type;
export const tags = {
  /** Fields 1 to 3 with a length and as many bytes. */
  first: tag(1, 2),
  second: tag(2, 2),
  third: tag(3, 2),
  firstAsNumber: tag(1, 0),
  firstAsFour: tag(1, 5),
} as const;

/**
 * A place in protocol buffers, and what can be read there. Everything that isn't as a tf.train.Example has it is a
 * {@linkcode NoExample}: records with any other field are taken for something else.
 *
 * @see https://protobuf.dev/programming-guides/encoding
 */
export class Wire {
  bytes = new Uint8Array();
  at = 0;

  /** The next number, if it is a whole one below 2^53. */
  number(): number {
    const { bytes } = this;
    let byte = bytes[this.at++];
    if (byte === undefined) throw new NoExample();
    if (byte < 128) return byte;
    let value = byte & 127, scale = 128;
    do {
      byte = bytes[this.at++];
      if (byte === undefined || scale > 2 ** 46) throw new NoExample();
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte > 127);
    return value;
  }

  /** Where the bytes end whose length comes next, within `to`. */
  end(to: number): number {
    const length = this.number(), end = this.at + length;
    if (end > to) throw new NoExample();
    return end;
  }

  /** Where the message ends that comes next, within `to`: of field 1. */
  message(to: number): number {
    if (this.number() !== tags.first) throw new NoExample();
    return this.end(to);
  }

  /** Where the floats end that come next, packed into one field or one of them; goes to where they begin. */
  floatsEnd(to: number): number {
    const found = this.number();
    const end = found === tags.first ? this.end(to) : found === tags.firstAsFour ? this.at + 4 : NaN;
    if (end <= to && (end - this.at) % 4 === 0) return end;
    throw new NoExample();
  }

  /** Where the integers end that come next, packed into one field or one of them; goes to where they begin. */
  integersEnd(to: number): number {
    const found = this.number();
    if (found === tags.firstAsNumber) return this.#numberEnd(to);
    const end = found === tags.first ? this.end(to) : NaN;
    if (end === this.at || this.bytes[end - 1]! < 128) return end;
    throw new NoExample();
  }

  /** Reads an integer of ten bytes at most into two words of 32 bits. */
  int64(words: Int32Array, i: number): void {
    const { bytes } = this;
    let byte = bytes[this.at++]!, low = byte & 127, high = 0;
    for (let shift = 7; byte > 127; shift += 7) {
      if (shift > 63) throw new NoExample();
      byte = bytes[this.at++]!;
      if (shift < 32) low |= (byte & 127) << shift;
      if (shift > 28) high |= (byte & 127) << shift - 32;
      else if (shift === 28) high = (byte & 127) >> 4;
    }
    words[i] = low;
    words[i + 1] = high;
  }

  #numberEnd(to: number): number {
    let at = this.at;
    while (at < to && this.bytes[at]! > 127) at++;
    if (at >= to) throw new NoExample();
    return at + 1;
  }
}

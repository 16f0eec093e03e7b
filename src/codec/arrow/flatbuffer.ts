/** What a field of a table is: a scalar, text, another table, or a vector of structures (by bytes of each) or of tables. */
export type Shape =
  | "scalar"
  | "text"
  | { readonly table: () => Fields }
  | { readonly vector: number }
  | { readonly tables: () => Fields }
  | { readonly union: (tag: number) => Fields };

/** The fields of a table in their order. The one before a union's is its tag. */
export type Fields = readonly Shape[];

const deepest = 64;

/**
 * Checks that a flatbuffer is what it is to be: that all it leads to lies in it, and that no vector claims more than there
 * is. Only then may it be read by who believes it, as apache-arrow does.
 *
 * @returns the table's place, and where each of its fields is (0: absent)
 * @see https://flatbuffers.dev/internals/
 * @throws {RangeError} it is not, in words
 */
export function verify(bytes: Uint8Array, fields: Fields): { readonly view: DataView; readonly places: number[] } {
  const checker = new Checker(bytes);
  return { view: checker.view, places: checker.table(checker.offset(0), fields, 0) };
}

class Checker {
  readonly view: DataView;
  /** How many tables may still be met: one that is met again and again could be endless. */
  #left: number;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#left = bytes.length;
  }

  /** Where the offset at a place leads. */
  offset(at: number): number {
    return this.#within(at, 4) + this.view.getUint32(at, true);
  }

  table(at: number, fields: Fields, depth: number): number[] {
    if (depth > deepest || this.#left-- <= 0) throw new RangeError("a description nested too deeply");
    const vtable = this.#within(at, 4) - this.view.getInt32(at, true);
    const length = this.view.getInt16(this.#within(vtable, 4), true); // signed, and odd ones too: as flatbuffers reads
    this.#within(vtable, length);
    const places = fields.map((_, i) => {
      const slot = 4 + 2 * i, by = slot < length ? this.view.getInt16(this.#within(vtable + slot, 2), true) : 0;
      return by === 0 ? 0 : this.#within(at + by, 1);
    });
    fields.forEach((shape, i) => {
      if (places[i] !== 0) this.#field(places[i]!, shape, places[i - 1] ?? 0, depth);
    });
    return places;
  }

  #field(at: number, shape: Shape, tagAt: number, depth: number): void {
    if (shape === "scalar") return;
    const to = this.offset(at);
    if (shape === "text") return void this.#vector(to, 1);
    if ("vector" in shape) return void this.#vector(to, shape.vector);
    if ("table" in shape) return void this.table(to, shape.table(), depth + 1);
    if ("union" in shape) {
      const tag = tagAt === 0 ? 0 : this.view.getUint8(tagAt);
      return void this.table(to, shape.union(tag), depth + 1);
    }
    const count = this.#vector(to, 4);
    for (let i = 0; i < count; i++) this.table(this.offset(to + 4 + 4 * i), shape.tables(), depth + 1);
  }

  /** How many items a vector has. */
  #vector(at: number, width: number): number {
    const count = this.view.getUint32(this.#within(at, 4), true);
    this.#within(at + 4, count * width);
    return count;
  }

  #within(at: number, length: number): number {
    if (at >= 0 && at + length <= this.view.byteLength) return at;
    throw new RangeError(`a description that leads to ${at} of ${this.view.byteLength}`);
  }
}

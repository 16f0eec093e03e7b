import { joined } from "./forward.ts";

/** Bytes that grow at their end. Long ones are kept as they are given until the end, so don't change them before. */
export class ByteWriter {
  #done: Uint8Array[] = [];
  #size = 1024;
  #block = new Uint8Array(this.#size);
  #view = new DataView(this.#block.buffer);
  #used = 0;
  #length = 0;

  /** How many bytes there are. */
  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    const at = this.#grow(1);
    this.#block[at] = value;
  }
  bytes(bytes: Uint8Array): void {
    if (bytes.length <= 512) {
      const at = this.#grow(bytes.length); // before #block is looked at: it may be another one then
      this.#block.set(bytes, at);
    } else {
      this.#flush();
      this.#done.push(bytes);
      this.#length += bytes.length;
    }
  }
  uint16(value: number): void {
    const at = this.#grow(2);
    this.#view.setUint16(at, value, true);
  }
  uint32(value: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
  }
  uint64(value: number): void {
    const at = this.#grow(8);
    this.#view.setBigUint64(at, BigInt(value), true);
  }
  /** A double, the highest byte first. */
  float64BigEndian(value: number): void {
    const at = this.#grow(8);
    this.#view.setFloat64(at, value);
  }
  /** All of them, in one piece. */
  finish(): Uint8Array<ArrayBuffer> {
    return joined(this.parts());
  }
  /** All of them, in parts: the long ones as they were given. */
  parts(): Uint8Array[] {
    this.#flush();
    return this.#done;
  }

  #grow(length: number): number {
    if (this.#used + length > this.#block.length) {
      this.#flush();
      this.#size = Math.min(2 ** 20, this.#size * 2);
      this.#block = new Uint8Array(this.#size);
      this.#view = new DataView(this.#block.buffer);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += length;
    this.#length += length;
    return at;
  }
  #flush(): void {
    if (this.#used === 0) return;
    this.#done.push(this.#block.subarray(0, this.#used));
    this.#block = this.#block.subarray(this.#used);
    this.#view = new DataView(this.#block.buffer, this.#block.byteOffset);
    this.#used = 0;
  }
}

/** What a small file may unpack to, what each byte of a larger one may, and what any. */
const harmless = 2 ** 26, ofByte = 64, most = 2 ** 31;

/** Counts what a file unpacks to: a few bytes, packed well, may be gigabytes of text. */
export class Budget {
  readonly #most: number;
  #spent = 0;

  /** @param fileBytes how many bytes are unpacked */
  constructor(fileBytes: number) {
    this.#most = Math.min(most, Math.max(harmless, ofByte * fileBytes));
  }

  /** @throws {RangeError} that is too much */
  spend(bytes: number): void {
    this.#spent += bytes;
    if (this.#spent <= this.#most) return;
    throw new RangeError(`Cannot read parquet: it unpacks to more than ${this.#most} bytes; read it in blocks`);
  }
}

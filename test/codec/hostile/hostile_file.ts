/** A file made to do harm, and what reading it must end with. */
export interface HostileFile {
  /** Its extension, which is also its format's name in the codecs. */
  readonly format: string;
  readonly what: string;
  readonly bytes: () => Uint8Array | Promise<Uint8Array>;
  /** What the error says beside "Cannot read"; where it's left out, any such error does. */
  readonly says?: RegExp;
  /** That it is also right to read it, as it is legal: soon, and in little memory. */
  readonly mayRead?: boolean;
  /** That it is right to read its parts one by one: none is too much. */
  readonly partsMayBeRead?: boolean;
}

/** A function that names the format once. */
export const hostile = (format: string) => {
  return (
    what: string,
    bytes: () => Uint8Array | string | Promise<Uint8Array>,
    says?: RegExp,
    options: { mayRead?: boolean; partsMayBeRead?: boolean } = {},
  ): HostileFile => ({
    format,
    what,
    bytes: () => {
      const made = bytes();
      return typeof made === "string" ? new TextEncoder().encode(made) : made;
    },
    says,
    ...options,
  });
};

type Part = Uint8Array | string | readonly number[];

/** Bytes and texts, one after the other. */
export const joined = (...parts: readonly Part[]): Uint8Array => joinAll(parts);

/** The same of more than a call can be given. */
export function joinAll(parts: readonly Part[]): Uint8Array {
  const pieces = parts.map((part) => typeof part === "string" ? new TextEncoder().encode(part) : Uint8Array.from(part));
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  pieces.reduce((at, piece) => (whole.set(piece, at), at + piece.length), 0);
  return whole;
}

/** A whole number of so many bytes, the least first. */
export function little(value: number | bigint, width: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  return bytes.subarray(0, width);
}

/** The same, the greatest first. */
export const big = (value: number | bigint, width: number): Uint8Array => little(value, width).toReversed();

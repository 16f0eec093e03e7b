import { unreadable } from "./cursor.ts";

/** More digits than this Python doesn't take from text either. */
const maxDigits = 4300;
/** A longer integer is none of data. */
const maxBytes = 2 ** 16;

/** A whole number as a number where that is exact, else as a bigint. */
export const toNumber = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

/** An integer in decimal digits. */
export function parseInteger(text: string): bigint {
  if (text.length <= maxDigits && /^[-+]?\d+$/.test(text)) return BigInt(text.replace("+", ""));
  throw unreadable(`${JSON.stringify(text.slice(0, 40))} is no integer of at most ${maxDigits} digits`);
}

/** A float as Python prints it. */
export function parseFloating(text: string): number {
  const special: Record<string, number> = { nan: NaN, inf: Infinity, "-inf": -Infinity, "-nan": NaN };
  if (Object.hasOwn(special, text)) return special[text]!;
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text);
  throw unreadable(`${JSON.stringify(text.slice(0, 40))} is no number`);
}

/** An integer in two's complement, the lowest byte first; no bytes are 0. */
export function decodeLong(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  if (bytes.length > maxBytes) throw unreadable(`an integer of ${bytes.length} bytes; at most ${maxBytes} are read`);
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toReversed().toHex()}`));
}

/** An integer in two's complement, the lowest byte first, in as few bytes as it takes; 0 in none. */
export function encodeLong(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array();
  const digits = (value < 0n ? -value - 1n : value).toString(16).length;
  let length = Math.ceil(digits / 2);
  if (BigInt.asIntN(8 * length, value) !== value) length++; // the highest bit is the sign
  return Uint8Array.fromHex(BigInt.asUintN(8 * length, value).toString(16).padStart(2 * length, "0")).reverse();
}

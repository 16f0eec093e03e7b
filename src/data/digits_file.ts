import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { NDArray } from "../module/ndarray.ts";

/** All the digits of the file, in its order. */
export interface DigitsFile {
  /** float32 [1797, 8, 8, 1], from 0 to 1. */
  readonly input: NDArray;
  /** int32 [1797], from 0 to 9. */
  readonly target: NDArray;
}

/** Of the file as it came; see DIGITS.md. */
export const sha256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22";

const items = 1797, pixels = 64;
let loaded: DigitsFile | undefined;

/** The digits, read once per process. @throws {SyntaxError} a damaged file */
export const digitsFile = (): DigitsFile => loaded ??= parse(readFileSync(new URL("digits.csv.gz", import.meta.url)));

/** The digits in the file's bytes: a line each, 64 pixels (0 to 16) and the digit. @throws {SyntaxError} other bytes */
export function parse(bytes: Uint8Array): DigitsFile {
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== sha256) {
    throw new SyntaxError(
      `Cannot read digits.csv.gz: its sha256 is ${found}, not ${sha256}; get the file of the project again`,
    );
  }
  const input = new NDArray("float32", [items, 8, 8, 1]), target = new NDArray("int32", [items]);
  gunzipSync(bytes).toString("latin1").trim().split("\n").forEach((line, i) => {
    const numbers = line.split(",");
    for (let p = 0; p < pixels; p++) input.data[i * pixels + p] = Number(numbers[p]) / 16;
    target.data[i] = Number(numbers[pixels]);
  });
  return { input, target };
}

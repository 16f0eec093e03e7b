import { createHash } from "node:crypto";
import { z } from "zod";
import { markHeld } from "../../module/held.ts";
import { type DType, dtypeOf, isNDArray, NDArray } from "../../module/ndarray.ts";
import { isRecord } from "../../module/value.ts";
import { nestedNumbers, type Numbers } from "../nested_numbers.ts";

/** What stands in a configuration for an array that was given in code: enough to tell whether it is the same. */
export interface HeldArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Of its bytes, in hexadecimal. */
  readonly sha256: string;
}

const arrays = new WeakMap<HeldArray, NDArray>();
/** The same by digest, as long as somebody uses it: so a configuration builds its Module again in the same process. */
const living = new Map<string, WeakRef<NDArray>>();
const sweeper = new FinalizationRegistry<string>((key) => {
  if (living.get(key)?.deref() === undefined) living.delete(key);
});

const keyOf = ({ dtype, shape, sha256 }: HeldArray): string => `${dtype} [${shape}] ${sha256}`;

/** Keeps an array, not copied, for as long as what it returns is kept. */
export function hold(array: NDArray): HeldArray {
  const sha256 = createHash("sha256").update(array.bytes).digest("hex");
  const held = markHeld({ dtype: array.dtype, shape: [...array.shape], sha256 });
  arrays.set(held, array);
  living.set(keyOf(held), new WeakRef(array));
  sweeper.register(array, keyOf(held));
  return held;
}

/** The array that a configuration's record stands for; undefined when nobody in this process has it any more. */
export const arrayOf = (held: HeldArray): NDArray | undefined => arrays.get(held) ?? living.get(keyOf(held))?.deref();

/** What may be written for an array: its name in a file, an NDArray, numbers, or what a configuration says of one. */
export type ArrayInput = string | NDArray | Numbers | HeldArray;

/** The schema of an option that is an array, or the name of one in a file. */
export const arrayOption: z.ZodType<string | HeldArray, ArrayInput> = z.unknown().transform((input, context) => {
  const held = typeof input === "string" ? input : read(input);
  if (held !== undefined) return held;
  context.issues.push({ code: "custom", message: reasonAgainst(input), input });
  return z.NEVER;
}) as unknown as z.ZodType<string | HeldArray, ArrayInput>;

function read(input: unknown): HeldArray | undefined {
  if (isNDArray(input)) return hold(input);
  const lists = nestedNumbers(input);
  if (lists !== undefined) return hold(arrayOfNumbers(lists.numbers, lists.shape));
  if (!isRecord(input)) return undefined;
  const { dtype, shape, data } = input as { dtype: DType; shape: number[]; data?: NDArray["data"] };
  // An NDArray that a structured clone made a plain record of.
  if (dtypeOf(data) !== undefined && Array.isArray(shape)) return hold(new NDArray(dtype, shape, data));
  if (!isHeld(input)) return undefined;
  const array = arrayOf(input);
  if (array === undefined) return undefined;
  arrays.set(input, array);
  return input;
}

/** Numbers as an array: int32 when all of them are such, else float32. */
const arrayOfNumbers = (numbers: number[], shape: number[]): NDArray =>
  new NDArray(numbers.every((number) => number === (number | 0)) ? "int32" : "float32", shape, numbers);

const isHeld = (value: unknown): value is HeldArray =>
  isRecord(value) && typeof value.sha256 === "string" && typeof value.dtype === "string" && Array.isArray(value.shape);

function reasonAgainst(input: unknown): string {
  if (isHeld(input)) {
    return `the array ${input.dtype} [${input.shape}] of sha256 ${
      input.sha256.slice(0, 12)
    }... was given in code and is not in the configuration; give it again, or keep it in a file and name its path`;
  }
  const found = input === undefined
    ? "nothing"
    : Array.isArray(input)
    ? "a list of other things, or lists of unequal length"
    : typeof input;
  return `expected an NDArray, a list of numbers (nested for more dimensions) or the name of an array in a file, found ${found}`;
}

import { createHash } from "node:crypto";
import { z } from "zod";
import { markHeld } from "../../module/held.ts";
import { isRecord } from "../../module/value.ts";

/** What stands in a configuration for a function that was given in code: enough to tell whether it was changed. */
export interface HeldFunction {
  /** Its name; empty for one that has none. */
  readonly function: string;
  /** Of its text, in hexadecimal. What it takes from around it is not seen. */
  readonly sha256: string;
}

// deno-lint-ignore no-explicit-any -- of whatever type the option is
type AnyFunction = (...input: any[]) => any;

const functions = new WeakMap<HeldFunction, AnyFunction>();
/** The same by text, as long as somebody uses it: so a configuration builds its Module again in the same process. */
const living = new Map<string, WeakRef<AnyFunction>>();
/** What gives an object that was given in code, and where its text was seen with more than one. */
const givers = new WeakMap<object, AnyFunction>(), ambiguous = new Set<string>();

/** Keeps a function for as long as what it returns is kept. */
export function holdFunction(given: AnyFunction, text: string = given.toString()): HeldFunction {
  const held = markHeld({ function: given.name, sha256: digestOf(text) });
  functions.set(held, given);
  living.set(held.sha256, new WeakRef(given));
  return held;
}

/**
 * Keeps an object, as what gives it.
 *
 * @param text tells it as far as that is possible; where several have the same, a copy made by way of JSON stands for none
 */
export function holdObject(object: object, text: string): HeldFunction {
  const known = givers.get(object), giver = known ?? (() => object), before = living.get(digestOf(text))?.deref();
  givers.set(object, giver);
  if (before !== undefined && before !== giver) ambiguous.add(digestOf(text));
  return holdFunction(giver, text);
}

const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * The function that a configuration's record stands for; undefined when nobody in this process has it any more, or it
 * can't be told from others.
 */
export const functionOf = (held: HeldFunction): AnyFunction | undefined =>
  functions.get(held) ?? (ambiguous.has(held.sha256) ? undefined : living.get(held.sha256)?.deref());

/** The schema of an option that is a function, given in code. */
export function functionOption<F extends AnyFunction>(what: string): z.ZodType<HeldFunction, F | HeldFunction> {
  return heldOption(what, (input) => typeof input === "function" ? holdFunction(input as AnyFunction) : undefined);
}

/** The schema of an option that code gives and that is kept as a function; `read` makes it of what was given. */
export function heldOption<Input>(
  what: string,
  read: (input: unknown) => HeldFunction | undefined,
): z.ZodType<HeldFunction, Input | HeldFunction> {
  return z.unknown().transform((input, context) => {
    const held = read(input) ?? again(input);
    if (held !== undefined) return held;
    context.issues.push({ code: "custom", message: reasonAgainst(input, what), input });
    return z.NEVER;
  }) as unknown as z.ZodType<HeldFunction, Input | HeldFunction>;
}

function again(input: unknown): HeldFunction | undefined {
  if (!isHeld(input)) return undefined;
  const found = functionOf(input);
  if (found === undefined) return undefined;
  functions.set(input, found);
  return input;
}

/** Whether this stands for a function that was given in code. */
export const isHeld = (value: unknown): value is HeldFunction =>
  isRecord(value) && typeof value.function === "string" && typeof value.sha256 === "string";

function reasonAgainst(input: unknown, what: string): string {
  if (!isHeld(input)) return `expected ${what}, found ${input === undefined ? "nothing" : typeof input}`;
  return `the function "${input.function}" of sha256 ${
    input.sha256.slice(0, 12)
  }... was given in code and is not in the configuration; give it again, or make it a method of a class of your own and register that`;
}

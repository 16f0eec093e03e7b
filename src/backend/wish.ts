import { z } from "zod";
import { isRecord } from "../module/value.ts";
import { quoted, suggest } from "../module/text.ts";
import type { Backend } from "./backend.ts";
import { backends } from "./backends.ts";

/** The names of all backends, the best first. */
export type BackendName = "native" | "webgpu" | "wasm" | "cpu";

/**
 * What may be asked for: `auto` for the first that works, one by its name, or one with options of its own,
 * `{ wasm: { relaxed: true } }`.
 */
export type Wish = "auto" | BackendName | (string & Record<never, never>) | { [name: string]: Record<string, unknown> };

const named = (): string[] => backends.map(({ name }) => name);

/** The schema of a {@linkcode Wish}. */
export const wishSchema: z.ZodType<Wish, Wish> = z.union([
  z.enum(["auto", ...named()]),
  ...backends.map(({ name, options }) => z.strictObject({ [name]: options })),
], {
  error: ({ input }) => problemOf(input as Wish),
}) as unknown as z.ZodType<Wish, Wish>;

/** How many threads may be asked for. */
export const threadsSchema = z.union([z.literal("auto"), z.int().min(1)], {
  error: 'expected "auto" or a whole number of at least 1',
});

/** The backends that a wish allows, the best first, and the options for each. @throws {RangeError} one not known */
export function candidatesFor(wish: Wish): { backends: readonly Backend[]; options: Record<string, unknown> } {
  const problem = wish === "auto" ? undefined : problemOf(wish);
  if (problem !== undefined) throw new RangeError(`Cannot use backend ${JSON.stringify(wish)}: ${problem}`);
  if (wish === "auto") return { backends, options: {} };
  const [name, options] = typeof wish === "string" ? [wish, {}] : Object.entries(wish)[0]!;
  const found = backends.filter((backend) => backend.name === name);
  return { backends: found, options: found[0]!.options.parse(options) };
}

/** What is wrong with a wish, if anything is. */
function problemOf(wish: unknown): string | undefined {
  if (typeof wish === "string") return isKnown(wish) || wish === "auto" ? undefined : unknown(wish);
  if (!isRecord(wish) || Object.keys(wish).length !== 1) {
    return `expected a backend's name, or one with its options, { wasm: { relaxed: true } }; known are ${known()}`;
  }
  const [name, options] = Object.entries(wish)[0]!;
  if (!isKnown(name)) return unknown(name);
  const result = backends.find((backend) => backend.name === name)!.options.safeParse(options);
  return result.success ? undefined : result.error.issues.map((issue) => optionProblem(name, issue)).join("; ");
}

function optionProblem(name: string, issue: z.core.$ZodIssue): string {
  const owner = backends.find((backend) => backend.name === name)!;
  const options = Object.keys(owner.options.shape);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${name} has no option "${key}"; ${suggest(key, options)}`).join("; ");
  }
  return `${[name, ...issue.path].join(".")}: ${issue.message}`;
}

const isKnown = (name: string): boolean => named().includes(name);
const known = (): string => quoted(["auto", ...named()]);
const unknown = (name: string): string => `"${name}" is not known here; known are ${known()}`;

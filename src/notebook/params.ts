import { nearest, quoted } from "../module/text.ts";
import { cloneValue, isRecord, type Json } from "../module/value.ts";
import { type Given, givenParameters } from "./given_parameters.ts";

/** The type of a parameter whose default is of type T: `20` stands for any number, `"./runs"` for any text. */
export type Widened<T> = T extends number ? number
  : T extends string ? string
  : T extends boolean ? boolean
  : T extends null ? Json
  : T extends readonly (infer E)[] ? readonly Widened<E>[]
  : { readonly [K in keyof T]: Widened<T[K]> };

/**
 * Declares a notebook's parameters by their defaults, and gives their values: those that were set from outside
 * (`ptutils notebook run in.ipynb out.ipynb --set epochs=3`, or papermill's `-p epochs 3`), else the defaults. The
 * type of a default is the type of its parameter; one with the default null takes any JSON.
 *
 * A notebook may declare in several calls. A name set from outside that none has declared so far is taken for a typo,
 * except where the one who runs the notebook knows of calls to come, and checks at the last (`notebook run` does).
 *
 * @param defaults names and default values, as JSON
 * @returns a frozen record of the same names
 * @throws {TypeError} all at once: values of the wrong type, and names that are not declared
 *
 * @example
 * ```ts
 * import { params } from "ptutils";
 * const { epochs, store } = params({ epochs: 20, store: "./runs", lr: 1e-3, verbose: false, tags: ["a"] });
 * if (epochs !== 20 || store !== "./runs") throw new Error("nobody set them");
 * ```
 */
export function params<T extends object>(defaults: T): Widened<T> {
  if (!isRecord(defaults)) {
    throw new TypeError(
      `Cannot declare the parameters: found ${kind(defaults)}; give a record of defaults: { epochs: 20 }`,
    );
  }
  const given = givenParameters();
  const values = Object.entries(defaults).map(([name, value]) => {
    checkDefault(value, name);
    return [name, Object.hasOwn(given.values, name) ? given.values[name] : value] as const;
  });
  for (const name of Object.keys(defaults)) given.declare(name);
  const problems = [
    ...values.filter(([name]) => Object.hasOwn(given.values, name)) // a default is of its own type
      .flatMap(([name, value]) => mismatches((defaults as Record<string, unknown>)[name], value, name)),
    ...(given.moreToCome ? [] : undeclared(given)),
  ];
  if (problems.length > 0) throw new TypeError(`Cannot set the parameters: ${problems.join("; ")}`);
  const settled = freeze(Object.fromEntries(values.map(([name, value]) => [name, cloneValue(value as Json)])));
  given.settle(settled);
  return settled as Widened<T>;
}

/** What is wrong with the names that were given and that no call has declared. */
function undeclared(given: Given): string[] {
  const names = [...given.declared];
  const there = names.length === 0 ? "none is declared" : `there are ${quoted(names)}`;
  return given.untaken().map((name) => {
    const near = nearest(name, names);
    return `there is no "${name}"${near === undefined ? "" : ` (did you mean "${near}"?)`}, ${there}`;
  });
}

/** Where a value is not of its default's type. */
function mismatches(expected: unknown, value: unknown, path: string): string[] {
  if (expected === null) return [];
  if (kind(value) !== kind(expected)) {
    const hint = typeof expected === "string" && typeof value === "number" ? `, as "${value}" in quotes` : "";
    return [`${path} takes ${kind(expected)}${hint}, found ${shown(value)}`];
  }
  if (Array.isArray(expected)) {
    // What the elements are is known from the first.
    if (expected.length === 0) return [];
    return (value as unknown[]).flatMap((item, i) => mismatches(expected[0], item, `${path}[${i}]`));
  }
  if (!isRecord(expected)) return [];
  return Object.entries(expected).flatMap(([key, item]) =>
    Object.hasOwn(value as object, key)
      ? mismatches(item, (value as Record<string, unknown>)[key], `${path}.${key}`)
      : [`${path}.${key} is missing`]
  );
}

function kind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (isRecord(value)) return "a record";
  if (value === undefined) return "undefined";
  return typeof value === "boolean" ? "true or false" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

function checkDefault(value: unknown, path: string, above: readonly unknown[] = []): void {
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) return;
  if (above.includes(value)) throw noDefault(path, "within itself");
  const inside = [...above, value];
  if (Array.isArray(value)) return value.forEach((item, i) => checkDefault(item, `${path}[${i}]`, inside));
  if (!isRecord(value)) throw noDefault(path, kind(value));
  for (const [key, item] of Object.entries(value)) checkDefault(item, `${path}.${key}`, inside);
}

const noDefault = (path: string, found: string) =>
  new TypeError(`Cannot declare the parameter ${path}: its default is ${found}; it takes what JSON holds`);

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

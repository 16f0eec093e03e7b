import { isNDArray } from "../../module/ndarray.ts";
import { quoted, suggest } from "../../module/text.ts";
import { equalValues, isRecord, isValue } from "../../module/value.ts";

/** A document, or a part of one. */
type Plain = Readonly<Record<string, unknown>>;

/** Whether something fits. */
export type Predicate = (value: unknown) => boolean;

/**
 * What documents must be like: `{ "model.units": 32, score: { $gt: 0.5 }, $or: [{ ... }, { ... }] }`. A plain value
 * stands for equality, deep; a RegExp for texts that it fits, in JSON `{ $regex: "^a", $options: "i" }`.
 */
export type Filter = Plain;

type Ordered = number | bigint | string | Date;

const operators: Readonly<Record<string, (operand: unknown, condition: Plain) => Predicate>> = {
  $eq: (operand) => fitting(operand),
  $ne: (operand) => not(fitting(operand)),
  $gt: (operand) => (value) => compare(value, operand, (order) => order > 0),
  $gte: (operand) => (value) => compare(value, operand, (order) => order >= 0),
  $lt: (operand) => (value) => compare(value, operand, (order) => order < 0),
  $lte: (operand) => (value) => compare(value, operand, (order) => order <= 0),
  $in: (operand) => anyOf("$in", operand),
  $nin: (operand) => not(anyOf("$nin", operand)),
  $exists: (operand) => {
    if (typeof operand !== "boolean") throw wrong(`"$exists"`, "true or false", operand);
    return (value) => (value !== undefined) === operand;
  },
  $regex: (operand, { $options }) => fitting(toRegExp(operand, $options)),
  $options: (_, { $regex }) => {
    if ($regex === undefined) throw wrong(`"$options"`, `a "$regex" beside it`, $regex);
    return () => true;
  },
  $not: (operand) => not(toCondition(operand)),
};

const combinators: Readonly<Record<string, (operand: unknown) => Predicate>> = {
  $and: (operand) => {
    const all = list("$and", operand).map(toPredicate);
    return (document) => all.every((fits) => fits(document));
  },
  $or: (operand) => {
    const any = list("$or", operand).map(toPredicate);
    return (document) => any.some((fits) => fits(document));
  },
  $not: (operand) => not(toPredicate(operand)),
};

/**
 * A filter as a function.
 *
 * @throws {TypeError} an operator that there is none of, with the nearest one; an operand of a wrong kind
 */
export function toPredicate(filter: unknown): Predicate {
  if (!isRecord(filter)) throw wrong("a filter", "a record of conditions by path", filter);
  const parts = Object.entries(filter).map(([key, operand]): Predicate => {
    if (key.startsWith("$")) return find(combinators, key, "at a filter's top")(operand);
    const condition = toCondition(operand);
    return (document) => condition(valueAt(document, key));
  });
  return (document) => parts.every((fits) => fits(document));
}

/** What lies at a dotted path; a key that itself has dots goes first. */
export function valueAt(value: unknown, path: string): unknown {
  if (isRecord(value) && Object.hasOwn(value, path)) return value[path];
  for (const key of path.split(".")) {
    const inside = isRecord(value) || Array.isArray(value);
    if (!inside || !Object.hasOwn(value as object, key)) return undefined;
    value = (value as Plain)[key];
  }
  return value;
}

/** Below zero, zero or above it as two values of a kind are ordered; undefined for values that have no order. */
export function order(a: unknown, b: unknown): number | undefined {
  const numbers = ["number", "bigint"].includes(typeof a) && ["number", "bigint"].includes(typeof b);
  const alike = numbers || (typeof a === "string" && typeof b === "string") ||
    (a instanceof Date && b instanceof Date);
  if (!alike) return undefined;
  const [x, y] = [a, b] as [Ordered, Ordered];
  if (x < y) return -1;
  if (x > y) return 1;
  return x >= y ? 0 : undefined; // NaN
}

function toCondition(operand: unknown): Predicate {
  if (!isRecord(operand)) return fitting(operand);
  const keys = Object.keys(operand);
  const special = keys.filter((key) => key.startsWith("$"));
  if (special.length === 0) return fitting(operand);
  if (special.length < keys.length) {
    throw new TypeError(
      `Cannot use a condition: it mixes operators and keys (${quoted(keys)}); write the keys as dotted paths`,
    );
  }
  const all = special.map((key) => find(operators, key, "in a condition")(operand[key], operand));
  return (value) => all.every((fits) => fits(value));
}

function find<T>(known: Readonly<Record<string, T>>, name: string, where: string): T {
  if (Object.hasOwn(known, name)) return known[name]!;
  const names = Object.keys(known);
  throw new TypeError(`Cannot use operator "${name}" ${where}: there is none; ${suggest(name, names)}`);
}

/** Whether a value is equal to what a filter has; of a RegExp, whether it is a text that it fits. */
function fitting(wanted: unknown): Predicate {
  if (wanted instanceof RegExp) return (value) => typeof value === "string" && value.search(wanted) >= 0;
  if (!isValue(wanted)) throw wrong("a condition", "plain values, dates, NDArrays and RegExps", wanted);
  return (value) => value === wanted || equalValues(value, wanted);
}

const not = (fits: Predicate): Predicate => (value) => !fits(value);

/** What is not deep is found by a Set, which takes 0 and -0 for the same, as NaN and NaN. */
function anyOf(operator: string, operand: unknown): Predicate {
  const all = list(operator, operand);
  const simple = new Set(all.filter((item) => !isDeep(item))), others = all.filter(isDeep).map(fitting);
  return (value) => simple.has(value) || others.some((fits) => fits(value));
}

const isDeep = (value: unknown): boolean => typeof value === "object" ? value !== null : typeof value === "function";

const compare = (a: unknown, b: unknown, fits: (order: number) => boolean): boolean => {
  const found = order(a, b);
  return found !== undefined && fits(found);
};

function list(operator: string, operand: unknown): readonly unknown[] {
  if (!Array.isArray(operand)) throw wrong(`"${operator}"`, "a list", operand);
  return operand;
}

function toRegExp(operand: unknown, flags: unknown): RegExp {
  if (typeof operand !== "string" && !(operand instanceof RegExp)) throw wrong(`"$regex"`, "a pattern", operand);
  if (flags !== undefined && !/^[ims]*$/.test(`${flags}`)) throw wrong(`"$options"`, `"i", "m" or "s"`, flags);
  try {
    return new RegExp(operand, flags as string | undefined);
  } catch (cause) {
    throw new SyntaxError(`Cannot use "$regex": ${(cause as Error).message}; mend the pattern`, { cause });
  }
}

function wrong(what: string, takes: string, found: unknown): TypeError {
  const name = found === null
    ? "null"
    : isNDArray(found)
    ? "an NDArray"
    : Array.isArray(found)
    ? "a list"
    : typeof found === "object" && !isRecord(found)
    ? `a ${found.constructor?.name}`
    : typeof found;
  return new TypeError(`Cannot use ${what}: it takes ${takes}, found ${name}`);
}

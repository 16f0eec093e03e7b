import { isRecord } from "../../module/value.ts";
import type { Document, Query } from "./access_request.ts";
import { order, toPredicate, valueAt } from "./filter.ts";

/** The documents that a query asks for: filtered, sorted, cut, and reduced to what is selected. @throws {TypeError} */
export function runQuery(documents: readonly Document[], query: Query): Document[] {
  const { where = {}, sort = {}, skip = 0, limit = Infinity, select } = query;
  for (const [name, count] of Object.entries({ skip, limit })) {
    if (isCount(count)) continue;
    throw new TypeError(
      `Cannot query: "${name}" is ${
        typeof count === "number" ? count : JSON.stringify(count)
      }; give a whole number from 0 on`,
    );
  }
  const compare = toComparison(sort);
  const found = documents.filter(toPredicate(where)).sort(compare).slice(skip, skip + limit);
  return select === undefined ? found : found.map((document) => project(document, checkSelect(select)));
}

/** No limit is one without end. */
const isCount = (count: unknown): boolean => count === Infinity || (Number.isInteger(count) && (count as number) >= 0);

function toComparison(sort: Readonly<Record<string, number>>): (a: Document, b: Document) => number {
  if (!isRecord(sort)) {
    throw new TypeError(`Cannot sort by ${JSON.stringify(sort)}: give paths with 1 (upwards) or -1, as { score: -1 }`);
  }
  const keys = Object.entries(sort);
  const wrong = keys.find(([, direction]) => direction !== 1 && direction !== -1);
  if (wrong !== undefined) {
    throw new TypeError(
      `Cannot sort by "${wrong[0]}": its direction is ${wrong[1]}; give 1 (upwards) or -1 (downwards)`,
    );
  }
  return (a, b) => {
    for (const [path, direction] of keys) {
      const difference = compareAny(valueAt(a, path), valueAt(b, path));
      if (difference !== 0) return direction * difference;
    }
    return 0;
  };
}

/** Any two values: absent ones first, then NaN, numbers, text, dates, all others. */
function compareAny(a: unknown, b: unknown): number {
  return rank(a) - rank(b) || (order(a, b) ?? 0);
}

function rank(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (Number.isNaN(value)) return 1;
  const types = ["number", "bigint", "string"].indexOf(typeof value);
  if (types >= 0) return types === 2 ? 3 : 2;
  return value instanceof Date ? 4 : 5;
}

function checkSelect(select: unknown): readonly string[] {
  if (Array.isArray(select) && select.every((path) => typeof path === "string")) return select;
  throw new TypeError(`Cannot select: it takes a list of dotted paths, found ${JSON.stringify(select)}`);
}

function project(document: Document, paths: readonly string[]): Document {
  const result: Document = {};
  for (const path of new Set(["_id", ...paths])) {
    const value = valueAt(document, path);
    if (value !== undefined) place(result, Object.hasOwn(document, path) ? [path] : path.split("."), value);
  }
  return result;
}

function place(target: Document, keys: readonly string[], value: unknown): void {
  const [key, ...rest] = keys as [string, ...string[]];
  if (rest.length === 0 || !isRecord(target[key] ?? {})) define(target, key, value);
  else {
    if (!Object.hasOwn(target, key)) define(target, key, {});
    place(target[key], rest, value);
  }
}

/** A key `__proto__` stays an ordinary key. */
function define(target: Document, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

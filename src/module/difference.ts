import { join } from "./path.ts";
import { equalValues, isRecord } from "./value.ts";

/** One place where two descriptions differ; `undefined` on the side that lacks it. */
export interface Difference {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Where `to` differs from `from`, path by path. */
export function differences(from: unknown, to: unknown, path = ""): Difference[] {
  if (isRecord(from) && isRecord(to)) {
    const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...keys].flatMap((key) => differences(from[key], to[key], join(path, key)));
  }
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    return from.flatMap((item, i) => differences(item, to[i], join(path, i)));
  }
  return equalValues(from, to) ? [] : [{ path, from, to }];
}

/** `seed: 7 -> 8`, one a line. */
export const describeDifferences = (found: readonly Difference[]): string =>
  found.map(({ path, from, to }) => `  ${path}: ${show(from)} -> ${show(to)}`).join("\n");

const show = (value: unknown): string => value === undefined ? "(absent)" : JSON.stringify(value);

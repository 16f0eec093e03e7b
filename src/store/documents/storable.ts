import { isNDArray } from "../../module/ndarray.ts";
import { isRecord } from "../../module/value.ts";

/** Levels of lists and records; beyond, something rather contains itself. */
const deepest = 1000;

/** Why a value can't be part of a document; undefined when it can. */
export function whyNotStorable(value: unknown, level = 0): string | undefined {
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  if (value === null || typeof value !== "object" || isNDArray(value)) return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid date" : undefined;
  if (!Array.isArray(value) && !isRecord(value)) return nameOf(value);
  if (level >= deepest) return `more than ${deepest} levels in one another, or itself`;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    const why = whyNotStorable(item, level + 1);
    if (why !== undefined) return why;
  }
  return undefined;
}

const nameOf = (value: object): string => `a ${value.constructor?.name ?? "value of no class"}`;

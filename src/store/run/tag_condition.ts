import { isRecord } from "../../module/value.ts";
import type { Filter } from "../filter.ts";

/** The key under which a document has its tags as lines of text, which conditions on single tags look at. */
const lines = "tags as lines";

/** A document's tags, for what {@linkcode tagsWhere} asks. */
export const tagLines = (tags: readonly string[] = []): Record<string, string> => ({
  [lines]: `\n${tags.join("\n")}\n`,
});

/**
 * A filter whose conditions on `tags` are about any of them: `{ tags: "best" }` asks for runs that have that tag, a
 * pattern for those that have one like it; a list still stands for exactly these.
 *
 * @throws {SyntaxError} a pattern that is none
 */
export function tagsWhere(where: Filter): Filter {
  const parts = Object.entries(where).flatMap(([key, operand]): Filter[] => {
    if (key === "tags") return conditionsOf(operand);
    if (!key.startsWith("$")) return [{ [key]: operand }];
    return [{ [key]: Array.isArray(operand) ? operand.map(tagsWhere) : tagsWhere(operand as Filter) }];
  });
  return { $and: parts };
}

function conditionsOf(operand: unknown): Filter[] {
  if (!isRecord(operand)) return [anyOf(operand)];
  return Object.entries(operand).map(([operator, value]): Filter => {
    switch (operator) {
      case "$eq":
        return anyOf(value);
      case "$ne":
        return { $not: anyOf(value) };
      case "$in":
        return { $or: (value as unknown[]).map(anyOf) };
      case "$nin":
        return { $not: { $or: (value as unknown[]).map(anyOf) } };
      case "$regex":
        return { [lines]: { $regex: new RegExp(value as string | RegExp, "m") } };
      case "$not":
        return { $not: { $and: conditionsOf(value) } };
      default:
        return { tags: { [operator]: value } };
    }
  });
}

const anyOf = (tag: unknown): Filter =>
  typeof tag === "string"
    ? { [lines]: { $regex: new RegExp(`^${tag.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`, "m") } }
    : { tags: tag };

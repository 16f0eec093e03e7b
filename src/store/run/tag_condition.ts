import { isRecord } from "../../module/value.ts";
import type { Filter } from "../documents/filter.ts";

/** The key under which a document has one of its tags. */
const keyOf = (i: number): string => `tag ${i}`;

/** A document's tags one by one, for what {@linkcode tagConditions} asks. */
export const singleTags = (tags: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(tags.map((tag, i) => [keyOf(i), tag]));

/**
 * What a condition on `tags` asks of any of them: `{ tags: "best" }` asks for runs that have that tag, a pattern for
 * those that have one like it; a list still stands for exactly these.
 *
 * @param most how many tags a document has at most
 */
export function tagConditions(operand: unknown, most: number): Filter[] {
  const any = (condition: unknown): Filter => ({
    $or: Array.from({ length: most }, (_, i) => ({ [keyOf(i)]: condition })),
  });
  const equal = (tag: unknown): Filter => typeof tag === "string" || tag instanceof RegExp ? any(tag) : { tags: tag };
  if (!isRecord(operand)) return [equal(operand)];
  return Object.entries(operand).map(([operator, value]): Filter => {
    switch (operator) {
      case "$eq":
        return equal(value);
      case "$ne":
        return { $not: equal(value) };
      case "$in":
        return { $or: (value as unknown[]).map(equal) };
      case "$nin":
        return { $not: { $or: (value as unknown[]).map(equal) } };
      case "$regex":
        return any("$options" in operand ? { $regex: value, $options: operand.$options } : { $regex: value });
      case "$options":
        return {};
      case "$not":
        return { $not: { $and: tagConditions(value, most) } };
      default:
        return { tags: { [operator]: value } };
    }
  });
}

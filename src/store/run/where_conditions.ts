import type { Filter } from "../documents/filter.ts";

/** A filter with each condition on a path replaced by filters that all must hold, however deep it stands. */
export function mapConditions(where: Filter, map: (path: string, operand: unknown) => readonly Filter[]): Filter {
  const inside = (part: unknown) => mapConditions(part as Filter, map);
  const parts = Object.entries(where).flatMap(([key, operand]): readonly Filter[] => {
    if (!key.startsWith("$")) return map(key, operand);
    return [{ [key]: Array.isArray(operand) ? operand.map(inside) : inside(operand) }];
  });
  return { $and: parts };
}

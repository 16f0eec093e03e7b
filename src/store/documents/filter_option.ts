import { z } from "zod";
import { isRecord, mapRecord } from "../../module/value.ts";
import type { Filter } from "./filter.ts";

/** The schema of an option that is a filter: what it has of regular expressions becomes data. */
export const filterOption: z.ZodType<Filter, Filter> = z.record(z.string(), z.unknown()).overwrite((filter) =>
  plain(filter) as Filter
);

function plain(part: unknown): unknown {
  if (part instanceof RegExp) return patternOf(part);
  if (Array.isArray(part)) return part.map(plain);
  if (!isRecord(part)) return part;
  return part.$regex instanceof RegExp ? { ...part, ...patternOf(part.$regex) } : mapRecord(part, plain);
}

function patternOf({ source, flags }: RegExp): Filter {
  const $options = flags.replace(/[^ims]/g, "");
  return $options === "" ? { $regex: source } : { $regex: source, $options };
}

import { type Expression, type RawBuilder, sql, type SqlBool } from "kysely";
import { depthOf } from "./depth.ts";
import type { Comparison, JsonSearch } from "./engine.ts";

/** What jsonb refuses or may refuse: too deep for the server's stack, too large. */
const most = { depth: 500, length: 32 << 20 };
const signs: Readonly<Record<Comparison, string>> = { $gt: ">", $gte: ">=", $lt: "<", $lte: "<=" };
const mark = "\ue000";

const part = (keys: readonly string[]): RawBuilder<unknown> => sql`search #> ${[...keys]}::text[]`;
const type = (keys: readonly string[]): RawBuilder<string> => sql`jsonb_typeof(${part(keys)})`;

/** Documents looked into by way of a jsonb column beside their exact text. */
export const postgresJson: JsonSearch = {
  column: (json) => json.length > most.length || depthOf(json) > most.depth ? null : toJsonb(json),
  isOneOf: (keys, jsons) => sql`${part(keys)} in (${sql.join(jsons.map((json) => sql`${toJsonb(json)}::jsonb`))})`,
  isAbsent: (keys) => sql`${part(keys)} is null`,
  isText: (keys) => sql`${type(keys)} = 'string'`,
  isRecord: (keys) => sql`${type(keys)} = 'object'`,
  isNumber(keys, operator, number): Expression<SqlBool> {
    const compared = sql`(${part(keys)})::numeric ${sql.raw(signs[operator])} ${String(number)}::numeric`;
    return sql`case when ${type(keys)} = 'number' then ${compared} else false end`;
  },
};

/**
 * The text of JSON as jsonb takes it: it refuses NUL and halves of surrogate pairs, which are spelt with another
 * character, and so is that one, so that different texts stay different.
 */
function toJsonb(json: string): string {
  return json.replace(/\ue000|\\u0000|\\ud[89a-f][0-9a-f]{2}|\\./g, (found) => {
    if (found === mark) return `${mark}-`;
    return found.startsWith("\\u0000") || found.startsWith("\\ud") ? mark + found.slice(2) : found;
  });
}

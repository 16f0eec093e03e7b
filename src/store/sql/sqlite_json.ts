import { type Expression, type RawBuilder, sql, type SqlBool } from "kysely";
import { depthOf } from "./depth.ts";
import type { Comparison, JsonSearch } from "./engine.ts";

/** SQLite's parser gives up on deeper JSON. */
const deepest = 500;
const signs: Readonly<Record<Comparison, string>> = { $gt: ">=", $gte: ">=", $lt: "<=", $lte: "<=" };

/** The part of a document, as JSON text; NULL where there is none. */
const part = (keys: readonly string[]): RawBuilder<string> => sql<string>`json -> ${pathOf(keys)}`;
const type = (keys: readonly string[]): RawBuilder<string> => sql<string>`json_type(json, ${pathOf(keys)})`;
const pathOf = (keys: readonly string[]): RawBuilder<string> => sql.val(`$.${keys.map((key) => `"${key}"`).join(".")}`);

/** Documents looked into by SQLite's JSON functions: the text itself is searched. */
export const sqliteJson: JsonSearch = {
  column: (json) => depthOf(json) > deepest ? null : 1,
  isOneOf: (keys, jsons) => sql`${part(keys)} in (${sql.join(jsons)})`,
  isAbsent: (keys) => sql`${part(keys)} is null`,
  isText: (keys) => sql`${type(keys)} = 'text'`,
  isRecord: (keys) => sql`${type(keys)} = 'object'`,
  isNumber(keys, operator, number): Expression<SqlBool> {
    // SQLite reads a number from text with a last digit that may differ.
    const slack = Math.abs(number) * 1e-14 + 1e-300;
    const bound = signs[operator] === ">=" ? number - slack : number + slack;
    return sql`(${type(keys)} in ('integer', 'real') and json ->> ${pathOf(keys)} ${
      sql.raw(signs[operator])
    } ${bound})`;
  },
};

import { type Expression, sql, type SqlBool } from "kysely";
import { isNDArray, type NDArray } from "../../module/ndarray.ts";
import { isRecord, isValue, type Value } from "../../module/value.ts";
import type { Filter } from "../documents/filter.ts";
import { encodeReferences } from "../stored_array.ts";
import type { Comparison, JsonSearch } from "./engine.ts";

type Condition = Expression<SqlBool>;

/** Conditions beyond so many are left to who looks at each document. */
const most = 200;
/** Beyond it, not every whole number is a float: floats and bigints are hard to compare in a database. */
const exact = 2 ** 53;
const undefinedText = '{"$undefined":true}';
const comparisons: readonly string[] = ["$gt", "$gte", "$lt", "$lte"];

/**
 * The part of a filter that a database can look at: whatever fits the filter fits it too, other documents may as well.
 * Undefined when that is every document.
 */
export function narrow(filter: Filter, json: JsonSearch): Condition | undefined {
  const narrowing = new Narrowing(json);
  const condition = narrowing.filter(filter);
  return narrowing.count > most ? undefined : condition;
}

class Narrowing {
  /** Values that were compared with. */
  count = 0;
  readonly #json: JsonSearch;

  constructor(json: JsonSearch) {
    this.#json = json;
  }

  filter(filter: Filter): Condition | undefined {
    return every(
      Object.entries(filter).map(([key, operand]) => {
        if (key === "$and") return every((operand as Filter[]).map((one) => this.filter(one)));
        if (key === "$or") return some((operand as Filter[]).map((one) => this.filter(one)));
        return key.startsWith("$") ? undefined : this.#path(key, operand);
      }),
    );
  }

  /** A key that itself has dots goes first: what fits may lie there or there. */
  #path(path: string, operand: unknown): Condition | undefined {
    const places = path.includes(".") ? [[path], path.split(".")] : [[path]];
    if (!places.flat().every(isPlain)) return undefined;
    return some(places.map((keys) => this.#condition(keys, operand)));
  }

  #condition(keys: readonly string[], operand: unknown): Condition | undefined {
    if (!isRecord(operand) || !Object.keys(operand).some((key) => key.startsWith("$"))) {
      return this.#equals(keys, [operand]);
    }
    return every(Object.entries(operand).map(([operator, value]) => this.#operator(keys, operator, value)));
  }

  #operator(keys: readonly string[], operator: string, operand: unknown): Condition | undefined {
    this.count++;
    if (comparisons.includes(operator)) return this.#compare(keys, operator as Comparison, operand);
    switch (operator) {
      case "$eq":
        return this.#equals(keys, [operand]);
      case "$in":
        return this.#equals(keys, operand as unknown[]);
      case "$regex":
        return this.#json.isText(keys);
      case "$exists":
        return operand ? sql`not ${this.#json.isAbsent(keys)}` : this.#equals(keys, [undefined]);
      default: // what does not fit a wider condition need not fit a narrower one
        return undefined;
    }
  }

  #equals(keys: readonly string[], operands: readonly unknown[]): Condition | undefined {
    this.count += operands.length;
    const texts = operands.map(textsOf);
    if (!texts.every((one) => one !== undefined)) return undefined;
    const found = texts.length === 0 ? never : this.#json.isOneOf(keys, texts.flat());
    return operands.includes(undefined) ? some([found, this.#json.isAbsent(keys)]) : found;
  }

  #compare(keys: readonly string[], operator: Comparison, operand: unknown): Condition {
    const [isNumber, isTagged] = [this.#json.isNumber, this.#json.isRecord(keys)];
    if (typeof operand === "string") return this.#json.isText(keys);
    if (operand instanceof Date) return isTagged;
    if (Number.isNaN(operand) || (typeof operand !== "number" && typeof operand !== "bigint")) return never;
    const comparable = typeof operand === "number" && Math.abs(operand) <= exact;
    const [sign, bound]: [Comparison, number] = comparable ? [operator, operand] : ["$gte", -Number.MAX_VALUE];
    return some([isNumber(keys, sign, bound), isTagged])!;
  }
}

const never: Condition = sql`1 = 0`;

function every(conditions: readonly (Condition | undefined)[]): Condition | undefined {
  const known = conditions.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : sql`(${sql.join(known, sql` and `)})`;
}

function some(conditions: readonly (Condition | undefined)[]): Condition | undefined {
  if (!conditions.every((one) => one !== undefined)) return undefined;
  return conditions.length === 0 ? never : sql`(${sql.join(conditions, sql` or `)})`;
}

/** The keys that mean the same in every database's paths: no index, no length of a list, nothing that needs escaping. */
const isPlain = (key: string): boolean => /^[^"\\\p{Cc}\p{Co}\p{Cs}]+$/u.test(key) && !/^[$-]|^\d+$|^length$/.test(key);

/** The JSON texts of the values that equal a value; undefined when more than those do. */
function textsOf(value: unknown): string[] | undefined {
  if (value === undefined) return [undefinedText];
  if (value === 0) return ["0", '{"$number":"-0"}'];
  const isDeep = !isNDArray(value) && typeof value === "object" && value !== null && !(value instanceof Date);
  if (isDeep || !isValue(value) || (value instanceof Date && Number.isNaN(value.getTime()))) return undefined;
  return [JSON.stringify(encodeReferences(value as Value | NDArray as Value).json)];
}

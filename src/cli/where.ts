import { isRecord } from "../module/value.ts";
import { parseScalar } from "../module/text.ts";
import type { Filter } from "../store/documents/filter.ts";

/** Fields that are text whatever it looks like: `name=3`, `created>2026`. */
const texts = ["id", "name", "created", "updated", "phase", "reason", "tags"];

const operators: Readonly<Record<string, (value: unknown) => unknown>> = {
  "=": (value) => ({ $eq: value }),
  "!=": (value) => ({ $ne: value }),
  ">": (value) => ({ $gt: value }),
  ">=": (value) => ({ $gte: value }),
  "<": (value) => ({ $lt: value }),
  "<=": (value) => ({ $lte: value }),
  "~": (value) => ({ $regex: value }),
};

/**
 * Conditions on runs as a command line gives them: `best.validation/accuracy>0.9`, `name~mnist`,
 * `optimizer.learningRate=0.01`; or a filter as JSON. All of them must hold.
 *
 * @throws {SyntaxError} text that is no condition
 */
export function parseWhere(conditions: readonly string[]): Filter {
  const all = conditions.map(parseCondition);
  return all.length === 0 ? {} : all.length === 1 ? all[0]! : { $and: all };
}

/** `best.validation/accuracy` upwards, `-best.validation/accuracy` downwards. */
export const parseSort = (paths: readonly string[]): Record<string, 1 | -1> =>
  Object.fromEntries(paths.map((path) => path.startsWith("-") ? [path.slice(1), -1] : [path.replace(/^\+/, ""), 1]));

function parseCondition(text: string): Filter {
  if (text.trimStart().startsWith("{")) return parseFilter(text);
  const [, path, operator, value] = /^\s*([^=!<>~]+?)\s*(!=|>=|<=|=|>|<|~)\s*(.*?)\s*$/s.exec(text) ?? [];
  if (path === undefined) {
    throw new SyntaxError(
      `Cannot use --where "${text}": it takes a path, one of ${Object.keys(operators).join(" ")} and a value, as ` +
        `best.validation/accuracy>0.9, or a filter as JSON; in a shell, in quotes`,
    );
  }
  const isText = texts.includes(path) || operator === "~";
  return { [path]: operators[operator!]!(isText ? value : parseScalar(value!)) };
}

function parseFilter(text: string): Filter {
  try {
    const filter = JSON.parse(text);
    if (isRecord(filter)) return filter;
    throw new SyntaxError("it is no record of conditions");
  } catch (cause) {
    throw new SyntaxError(
      `Cannot use --where ${text}: ${(cause as Error).message}; write a filter as JSON, {"step": {"$gt": 100}}, ` +
        `or a condition, step>100`,
      { cause },
    );
  }
}

/** The paths that conditions are about, as they were written. */
export const pathsOfWhere = (where: Filter): string[] =>
  Object.entries(where).flatMap(([key, part]) =>
    !key.startsWith("$")
      ? [key]
      : (Array.isArray(part) ? part : [part]).flatMap((inside) => isRecord(inside) ? pathsOfWhere(inside) : [])
  );

import type { Json } from "../module/value.ts";
import { type Cell, hasTag, isCode, newCodeCell, type Notebook } from "./ipynb.ts";

/** Parameters by their names. */
export type Parameters = Readonly<Record<string, Json>>;

const declaring = "parameters", injected = "injected-parameters";
const global = 'globalThis[Symbol.for("ptutils.params")] ??= {}';
const call = /\bparams\s*(<[^(]*>)?\(/;

/** Whether a code cell calls params(), as far as its text tells. */
export const callsParams = (cell: Cell): boolean => isCode(cell) && call.test(cell.source);

/**
 * Puts a cell that sets parameters into a notebook, where papermill would: in the place of an earlier one, else after
 * the cell tagged `parameters`, else first. Where the tagged cell calls params(), before it, so that the call sees them.
 *
 * @returns the names among them that the tagged cell declares as variables
 * @throws {RangeError} when nothing in the notebook takes parameters
 */
export function injectParameters(notebook: Notebook, parameters: Parameters): string[] {
  const names = Object.keys(parameters);
  if (names.length === 0) return [];
  const { cells } = notebook;
  const tagged = cells.find((cell) => isCode(cell) && hasTag(cell, declaring));
  const assigned = tagged === undefined || callsParams(tagged) ? [] : names.filter((name) => declares(tagged, name));
  const mentioned = cells.some((cell) => isCode(cell) && !hasTag(cell, injected) && /\bparams\b/.test(cell.source));
  const unknown = names.filter((name) => !assigned.includes(name));
  if (!mentioned && unknown.length > 0) throw undeclared(unknown, tagged !== undefined);
  const cell = newCodeCell(injectedSource(parameters, assigned), { tags: [injected] });
  const earlier = cells.findIndex((cell) => hasTag(cell, injected));
  if (earlier >= 0) cells.splice(earlier, 1, cell);
  else cells.splice(tagged === undefined ? 0 : cells.indexOf(tagged) + (callsParams(tagged) ? 0 : 1), 0, cell);
  return assigned;
}

/** Code that sets parameters: those for params(), and those that are variables. */
export function injectedSource(parameters: Parameters, assigned: readonly string[] = []): string {
  const given = Object.entries(parameters).filter(([name]) => !assigned.includes(name));
  const entries = given.map(([name, value]) => `  ${JSON.stringify(name)}: ${literal(value)},\n`);
  return [
    "// Parameters, set from outside",
    ...(given.length === 0 ? [] : [`void Object.assign(${global}, {\n${entries.join("")}});`]),
    ...assigned.map((name) => `void (${name} = ${literal(parameters[name]!)});`),
  ].join("\n");
}

const undeclared = (names: readonly string[], hasTagged: boolean): RangeError =>
  new RangeError(
    hasTagged
      ? `Cannot set ${names.join(", ")}: the cell tagged "${declaring}" has no variable of this name; check the name`
      : `Cannot set ${names.join(", ")}: the notebook declares no parameters; ` +
        "declare them in a cell, as in const { epochs } = params({ epochs: 20 })",
  );

const declares = (cell: Cell, name: string): boolean =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) &&
  new RegExp(`(let|var|const|,)\\s+${name.replaceAll("$", "\\$")}(?![\\w$])`).test(cell.source);

// A line separator is a character in JSON and was the end of a line in JavaScript.
const literal = (value: Json): string =>
  JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");

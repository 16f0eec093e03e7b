import { z } from "zod";
import type { AnyModuleClass } from "./registry.ts";
import { join } from "./path.ts";
import { suggest } from "./text.ts";
import { isRecord } from "./value.ts";

/** One thing that is wrong with a configuration. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** The options of a class with its defaults, or everything that is wrong with them. */
export function checkOptions(
  owner: AnyModuleClass,
  options: unknown,
): { value: Record<string, unknown>; problems?: undefined } | { problems: Problem[] } {
  const result = owner.schema.safeParse(options ?? {});
  if (result.success) return { value: result.data };
  return { problems: result.error.issues.flatMap((issue) => problemsOf(owner, issue, options)) };
}

/** The options of a class with its defaults. @throws {TypeError} all that is wrong with them, in one error */
export function parseOptions(owner: AnyModuleClass, options: unknown): Record<string, unknown> {
  const { value, problems } = checkOptions(owner, options) as { value: Record<string, unknown>; problems?: Problem[] };
  if (problems === undefined) return value;
  throw configurationError(owner.name, problems);
}

/** One error that tells every problem with its path. */
export function configurationError(what: string, problems: readonly Problem[]): TypeError {
  const lines = problems.map(({ path, message }) => path === "" ? message : `${path}: ${message}`);
  const joined = lines.length === 1 ? ` ${lines[0]}` : `\n  ${lines.join("\n  ")}`;
  return new TypeError(`Cannot configure ${what}:${joined}`);
}

function problemsOf({ schema, instead }: AnyModuleClass, issue: z.core.$ZodIssue, options: unknown): Problem[] {
  const path = join(...issue.path.map(String));
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    const mend = (key: string) => path === "" && instead?.[key] ? `write ${instead[key]}` : suggest(key, known);
    return issue.keys.map((key) => ({ path, message: `unknown key "${key}"; ${mend(key)}` }));
  }
  return [{ path, message: issue.code === "custom" ? issue.message : describe(issue, issue.path, options) }];
}

function describe(issue: z.core.$ZodIssue, path: readonly PropertyKey[], options: unknown): string {
  // deno-lint-ignore no-explicit-any
  const found = path.reduce((node: any, key) => node?.[key], options);
  return `${expectation(issue)}, found ${found === undefined ? "nothing" : shown(found)}`;
}

/** What is expected; of alternatives, all of them. */
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_union" || issue.message !== "Invalid input") {
    return issue.message.replace(/^Invalid input: /, "").replace(/, received .*$/, "");
  }
  const all = issue.errors.flat().filter(({ path }) => path.length === 0)
    .map((one) => expectation(one).replace(/, found .*$/, ""));
  return all.length === 0
    ? "expected something else"
    : [...new Set(all)].join(" or ").replaceAll(" or expected", " or");
}

/** A value in short. */
function shown(value: unknown): string {
  if (value instanceof RegExp) return `${value}`;
  const brief = (_: string, inner: unknown) =>
    typeof inner === "bigint" ? `${inner}n` : typeof inner === "function" ? inner.constructor.name : inner;
  if (typeof value === "function") return typeof value;
  if (typeof value === "bigint") return `${value}n`;
  const isPlain = value === null || typeof value !== "object" || isRecord(value) || Array.isArray(value);
  return !isPlain ? `a ${value.constructor.name}` : JSON.stringify(value, brief)?.slice(0, 60) ?? typeof value;
}

/** The keys that a strict object takes at a path below a schema; none where the schema can't tell. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let node: z.ZodType | undefined = unwrap(schema);
  for (const key of path) {
    if (node instanceof z.ZodUnion) node = node.options.map((option) => unwrap(option as z.ZodType)).find(takes(key));
    if (node instanceof z.ZodObject) node = unwrap(node.shape[key as string] as z.ZodType | undefined);
    else if (node instanceof z.ZodRecord) node = unwrap(node.valueType as z.ZodType);
    else if (node instanceof z.ZodArray) node = unwrap(node.element as z.ZodType);
  }
  if (node instanceof z.ZodUnion) node = node.options.map((one) => unwrap(one as z.ZodType)).find(isObject);
  return isObject(node) ? Object.keys(node.shape) : [];
}

const isObject = (schema: z.ZodType | undefined): schema is z.ZodObject => schema instanceof z.ZodObject;

/** Whether a schema is that of objects with this key. */
const takes = (key: PropertyKey) => (schema: z.ZodType | undefined): boolean =>
  schema instanceof z.ZodObject && key in schema.shape;

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) {
    return unwrap((schema.in instanceof z.ZodTransform ? schema.out : schema.in) as z.ZodType);
  }
  while (
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable ||
    schema instanceof z.ZodPrefault
  ) schema = schema.unwrap() as z.ZodType;
  return schema;
}

import { applyEdits, type JSONPath, modify, parse, type ParseError, printParseErrorCode } from "jsonc-parser";
import { dirname, join } from "node:path";
import { inserted } from "./jsonc_insert.ts";

/** A `deno.json` or `deno.jsonc`: its text, which edits leave as it is around them, comments too. */
export interface DenoConfig {
  readonly path: string;
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const names = ["deno.json", "deno.jsonc"];

/** The configuration that Deno reads in a folder; undefined when there is none. @throws {SyntaxError} it can't be read */
export async function configIn(folder: string): Promise<DenoConfig | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    try {
      return parseConfig(path, await Deno.readTextFile(path));
    } catch (error) {
      const missing = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
      if (!missing) throw error;
    }
  }
  return undefined;
}

/** The nearest configuration above a folder, which counts for it as long as it has none itself. */
export async function configAbove(folder: string): Promise<DenoConfig | undefined> {
  for (let at = dirname(folder), last = folder; at !== last; last = at, at = dirname(at)) {
    const config = await configIn(at);
    if (config !== undefined) return config;
  }
  return undefined;
}

/** @throws {SyntaxError} it is not JSON with comments: the message has the file, line and column */
export function parseConfig(path: string, text: string): DenoConfig {
  const errors: ParseError[] = [];
  const value = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [error] = errors;
  if (error !== undefined) {
    throw new SyntaxError(
      `Cannot read "${path}": ${printParseErrorCode(error.error)} at ${position(text, error.offset)}; mend it first`,
    );
  }
  if (value !== undefined && (typeof value !== "object" || value === null || Array.isArray(value))) {
    throw new SyntaxError(`Cannot read "${path}": it is no object; a Deno configuration is one, { ... }`);
  }
  return { path, text, value: value ?? {} };
}

/** The configuration with one value set. The rest of its text stays. */
export function edited(config: DenoConfig, at: JSONPath, value: unknown): DenoConfig {
  const { path, text } = config;
  const there = at.reduce<unknown>(
    (inner, name) => (inner as Record<string, unknown> | undefined)?.[name],
    config.value,
  );
  return parseConfig(
    path,
    there === undefined ? insertedIn(text, at, value) : applyEdits(text, modify(text, at, value, {})),
  );
}

/** The configuration with an item added to a list. */
export const appended = ({ path, text }: DenoConfig, at: JSONPath, item: unknown): DenoConfig =>
  parseConfig(path, insertedIn(text, at, item));

const insertedIn = (text: string, at: JSONPath, value: unknown): string =>
  inserted(parse(text) === undefined ? `${text}{}\n` : text, at, value);

function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

import { isAbsolute, relative, resolve } from "node:path";
import { nameAndOptions } from "../module/slot.ts";
import { isRecord, mapRecord, type Value } from "../module/value.ts";
import { hidden as notRecorded } from "../session/provenance.ts";
import type { Redactor } from "../session/redact_text.ts";

/** Options as they may be shared. */
export interface SharedOptions {
  readonly value: Value;
  /** Paths of the options that are not as they were: secret, or a path outside of the folder. */
  readonly hidden: readonly string[];
  /** Paths of the options that were paths from the root and are relative to the folder now. */
  readonly relative: readonly string[];
}

/** Options that are secret by their name: `token`, `db_password`, `apiKey`; not `tokenizer`, not `maxTokens`. */
const secretName =
  /(?:token|password|passwd|passphrase|secret|credentials?|authorization|bearer|(?:api|access|private|secret)[-_]?key)$/i;

/** Whether an option must not be shared because of its name. */
export const isSecret = (name: string, value: unknown): boolean =>
  secretName.test(name) && value !== "" && value !== null && typeof value !== "boolean";

/**
 * Configuration or parameters as they may be shared. An option's path names no classes, as one would write it:
 * `dataProvider.datasets.train.path`.
 *
 * @param folder what paths become relative to
 */
export function shareOptions(options: Value, folder: string, redact: Redactor, prefix = ""): SharedOptions {
  const found = { hidden: [] as string[], relative: [] as string[] };
  const visit = (node: unknown, path: readonly string[]): Value => {
    const named = isRecord(node) ? nameAndOptions(node) : undefined;
    if (named !== undefined && isRecord(named.options)) return { [named.name]: visit(named.options, path) };
    if (Array.isArray(node)) return node.map((item, i) => visit(item, [...path, `${i}`]));
    if (isSecret(path.at(-1) ?? "", node)) return note("hidden", path, notRecorded);
    if (isRecord(node)) return mapRecord(node, (item, key) => visit(item, [...path, key]));
    if (typeof node !== "string") return node as Value;
    const inside = pathInside(folder, node);
    if (inside !== undefined) return note("relative", path, inside);
    const shared = redact(node);
    return shared === node ? node : note("hidden", path, shared);
  };
  const note = (list: "hidden" | "relative", path: readonly string[], value: string) => {
    found[list].push(path.join("."));
    return value;
  };
  return { value: visit(options, prefix === "" ? [] : [prefix]), ...found };
}

/** A path from the root as one relative to a folder; undefined where it is none, or lies outside. */
export function pathInside(folder: string, path: string): string | undefined {
  const plain = path.startsWith("file:///") ? path.slice("file://".length) : path;
  if (!isAbsolute(plain) || /\s{2}|\n/.test(plain)) return undefined;
  const found = relative(resolve(folder), plain);
  return found === ".." || /^\.\.[\\/]/.test(found) || isAbsolute(found) ? undefined : found || ".";
}

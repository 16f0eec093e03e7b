import { Configuration } from "../module/configuration.ts";
import { nameAndOptions } from "../module/slot.ts";
import { isRecord, mapRecord } from "../module/value.ts";

/** Changes of a configuration: `["trainer.looper.epochs=3"]`, or values by path, which may be Modules and NDArrays, too. */
export type Overrides = readonly string[] | Readonly<Record<string, unknown>>;

type Plain = Record<string, unknown>;

/** A configuration with changes by path. */
export function override(configuration: Plain, overrides: Overrides): Plain {
  if (Array.isArray(overrides)) return new Configuration(configuration).with(...overrides).toJSON();
  const entries = Object.entries(overrides);
  const mark = (i: number) => `\0${i}`; // takes the place of what can't be written as text
  const marked = new Configuration(configuration).with(
    ...entries.map(([path], i) => `${path}=${JSON.stringify(mark(i))}`),
  );
  const values = new Map(entries.map(([, value], i) => [mark(i), value]));
  const put = (node: unknown): unknown => {
    if (typeof node === "string") return values.has(node) ? values.get(node) : node;
    if (Array.isArray(node)) return node.map(put);
    return isRecord(node) ? mapRecord(node, put) : node;
  };
  return put(marked.toJSON()) as Plain;
}

/** The paths that are changed, without names of classes. */
export function pathsOf(overrides: Overrides): string[] {
  const paths = Array.isArray(overrides)
    ? overrides.map((text: string) => text.slice(0, Math.max(0, text.indexOf("="))))
    : Object.keys(overrides);
  return paths.map((path) => path.trim().split(".").filter((key: string) => !/^\p{Lu}/u.test(key)).join("."));
}

/** Whether a path lies at or below one of some others. */
export const isCovered = (path: string, by: readonly string[]): boolean =>
  by.some((other) => path === other || path.startsWith(`${other}.`));

/** The option at a path that names no classes; undefined where there is none. */
export function optionAt(configuration: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((node, key) => {
    const options = optionsOf(node, key);
    return Array.isArray(options)
      ? options[Number(key)]
      : isRecord(options) && Object.hasOwn(options, key)
      ? options[key]
      : undefined;
  }, configuration);
}

/** What `{ ClassName: options }` holds, unless the class's name itself is asked for. */
function optionsOf(node: unknown, key: string): unknown {
  const named = isRecord(node) ? nameAndOptions(node) : undefined;
  return named === undefined || named.name === key ? node : named.options;
}

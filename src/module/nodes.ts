import { isState } from "./brand.ts";
import { join } from "./path.ts";
import { isRecord } from "./value.ts";
import type { Rename } from "./wanted.ts";

/** What is directly below a node of a state's tree. */
export type Nodes = Record<string, unknown>;

/** Own keys of a State, a record or an array; undefined for anything else. */
export function entriesOf(node: unknown): Nodes | undefined {
  return isState(node) || isRecord(node) || Array.isArray(node) ? { ...(node as object) } as Nodes : undefined;
}

/** The same nodes with the renamed ones in their new places. */
export function renamed(nodes: Nodes, rename: Rename): Nodes {
  if (rename instanceof Map) return renamed(nodes, Object.fromEntries(rename));
  const isFunction = typeof rename === "function";
  if (!isFunction && Object.keys(rename).length === 0) return nodes;
  const result: Nodes = {};
  const visit = (node: unknown, path: string): void => {
    const to = isFunction ? undefined : (rename as Readonly<Record<string, string>>)[path];
    if (to !== undefined) return placeAt(result, to, node);
    const inside = isFunction || Object.entries(rename).flat().some((place) => place.startsWith(`${path}.`));
    const below = inside ? entriesOf(node) : undefined;
    if (below === undefined) placeAt(result, isFunction ? rename(path) : path, node);
    else for (const [key, item] of Object.entries(below)) visit(item, join(path, key));
  };
  for (const [key, node] of Object.entries(nodes)) visit(node, key);
  return result;
}

/** Puts a node at a dotted path, making the records on the way. */
function placeAt(result: Nodes, path: string, node: unknown): void {
  const keys = path.split(".");
  let at = result;
  for (const key of keys.slice(0, -1)) {
    if (!Object.hasOwn(at, key)) define(at, key, {});
    at = at[key] as Nodes;
  }
  define(at, keys.at(-1)!, node);
}

/** Sets a key, also one named `__proto__`. */
const define = (nodes: Nodes, key: string, value: unknown): void =>
  void Object.defineProperty(nodes, key, { value, enumerable: true, configurable: true, writable: true });

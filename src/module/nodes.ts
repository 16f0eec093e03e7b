import { join } from "./path.ts";
import { isState } from "./state.ts";
import { isRecord } from "./value.ts";

/** What is directly below a node of a state's tree. */
export type Nodes = Record<string, unknown>;

/** Own keys of a State, a record or an array; undefined for anything else. */
export function entriesOf(node: unknown): Nodes | undefined {
  return isState(node) || isRecord(node) || Array.isArray(node) ? { ...(node as object) } as Nodes : undefined;
}

/** The same nodes with the renamed ones in their new places. */
export function renamed(nodes: Nodes, rename: Readonly<Record<string, string>>): Nodes {
  if (Object.keys(rename).length === 0) return nodes;
  const result: Nodes = {};
  const place = (path: string, node: unknown) => {
    const keys = path.split(".");
    let at = result;
    for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Nodes;
    at[keys.at(-1)!] = node;
  };
  const visit = (node: unknown, path: string): void => {
    const to = rename[path];
    if (to !== undefined) return place(to, node);
    const inside = Object.entries(rename).flat().some((place) => place.startsWith(`${path}.`));
    const below = inside ? entriesOf(node) : undefined;
    if (below === undefined) place(path, node);
    else for (const [key, item] of Object.entries(below)) visit(item, join(path, key));
  };
  for (const [key, node] of Object.entries(nodes)) visit(node, key);
  return result;
}

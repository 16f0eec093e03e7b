import { isState } from "./brand.ts";
import { entriesOf, type Nodes, renamed } from "./nodes.ts";
import { join, valueAt } from "./path.ts";
import type { State } from "./state.ts";
import { suggest } from "./text.ts";
import { isRecord } from "./value.ts";
import { isBelow, matcher, namedIn, type Only, type Rename } from "./wanted.ts";

/** Which part of a state is read, and under which names. */
export interface StatePart {
  /**
   * Reads only the paths that match: the path itself or what lies below it, or a regular expression. They are those of
   * the file; where it has none of them, those that there are once it is renamed.
   */
  only?: Only;
  /** Path in the file to path in the state, for each what lies below it too; or what gives the new path of each leaf. */
  rename?: Rename;
}

/**
 * A part of a state under other names, as `loadState` would load it.
 *
 * @param where it comes from, for errors
 * @param make makes a State of nodes
 * @throws {RangeError} a path that is renamed or wanted and isn't there, with the nearest that is
 */
export function partOf(state: State, part: StatePart, where: string, make: (nodes: Nodes) => State): State {
  const { only, rename } = part, named = namedIn(only);
  if (rename !== undefined && typeof rename !== "function") checkNames(state, namesIn(rename), where);
  const isOfFile = named === undefined ? leaves(state).some(matcher(only)) : named.every((path) => has(state, path));
  if (isOfFile) return underNewNames(cut(state, "", only, make) as State, rename, make);
  const all = underNewNames(state, rename, make);
  checkNames(all, named ?? [], where);
  const found = cut(all, "", only, make);
  if (found !== undefined) return found as State;
  throw new RangeError(
    `Cannot read the state in ${where}: nothing matches ${only}; ${suggest(`${only}`, leaves(all))}`,
  );
}

const namesIn = (rename: Exclude<Rename, (path: string) => string>): string[] =>
  rename instanceof Map ? [...rename.keys()] : Object.keys(rename);

function underNewNames(state: State, rename: Rename | undefined, make: (nodes: Nodes) => State): State {
  const nodes = { ...state } as Nodes;
  return rename === undefined ? state : make(withStates(renamed(nodes, rename), containersOf(nodes), make));
}

const has = (state: State, path: string): boolean =>
  valueAt(state, path) !== undefined || leaves(state).some((leaf) => isBelow(leaf, path));

function checkNames(state: State, wanted: readonly string[], where: string): void {
  const missing = wanted.find((path) => !has(state, path));
  if (missing === undefined) return;
  throw new RangeError(
    `Cannot read the state in ${where}: nothing lies at "${missing}"; ${
      suggest(missing, [...leaves(state), ...groups(state)])
    }`,
  );
}

/** What is wanted of a node: a leaf, or a record that is no submodule, as it is; of all else what lies below. */
function cut(node: unknown, path: string, only: Only | undefined, make: (nodes: Nodes) => State): unknown {
  const below = entriesOf(node), isLeaf = below === undefined || (!isState(node) && path !== "");
  if (only === undefined || (isLeaf && matcher(only)(path))) return node;
  if (below === undefined) return undefined;
  const kept = Object.entries(below).map(([key, item]) => [key, cut(item, join(path, key), only, make)] as const)
    .filter(([, item]) => item !== undefined);
  const isEmptyButWanted = isState(node) && path !== "" && !(only instanceof RegExp) && matcher(only)(path);
  if (kept.length === 0 && !isEmptyButWanted) return undefined;
  const nodes = Object.fromEntries(kept);
  return isRecord(node) ? nodes : make(nodes);
}

/** All records below, to tell them from those that renaming makes. */
function containersOf(nodes: unknown, found = new Set<unknown>()): Set<unknown> {
  for (const item of Object.values(entriesOf(nodes) ?? {})) {
    found.add(item);
    containersOf(item, found);
  }
  return found;
}

/** Records that renaming made are submodules. */
function withStates(nodes: Nodes, known: ReadonlySet<unknown>, make: (nodes: Nodes) => State): Nodes {
  const entries = Object.entries(nodes).map(([key, item]) => {
    const isMade = isRecord(item) && !known.has(item);
    return [key, isMade ? make(withStates(item, known, make)) : item];
  });
  return Object.fromEntries(entries);
}

/** The paths of all leaves. */
function leaves(node: unknown, path = ""): string[] {
  const below = entriesOf(node);
  return below === undefined ? [path] : Object.entries(below).flatMap(([key, item]) => leaves(item, join(path, key)));
}

/** The paths of all that has something below it. */
function groups(node: unknown, path = ""): string[] {
  const below = entriesOf(node);
  if (below === undefined) return [];
  const inside = Object.entries(below).flatMap(([key, item]) => groups(item, join(path, key)));
  return path === "" ? inside : [path, ...inside];
}

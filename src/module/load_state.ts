import { isLeafGroup, leafOf } from "./leaf.ts";
import type { Module } from "./module.ts";
import { isNDArray } from "./ndarray.ts";
import { entriesOf, type Nodes, renamed } from "./nodes.ts";
import { join } from "./path.ts";
import { isState } from "./brand.ts";
import { suggest } from "./text.ts";
import { children, fields } from "./tree.ts";
import { cloneValue, isRecord, type Value } from "./value.ts";
import { isBelow, matcher, namedIn, type Only, type Rename } from "./wanted.ts";

/** How a state is loaded. */
export interface LoadOptions {
  /** Loads only the Module's paths that match: the path itself or what lies below it, or a regular expression. */
  only?: Only;
  /** Path in the state to path in the Module, for each what lies below it too; or what gives the new path of each leaf. */
  rename?: Rename;
  /** Whether an unknown or a missing key is an error (default); else it is only reported. */
  strict?: boolean;
}

/** What became of each path. */
export interface LoadReport {
  readonly loaded: string[];
  /** In the state, not wanted by `only`. */
  readonly skipped: string[];
  /** In the state, not in the Module. */
  readonly unknown: string[];
  /** In the Module, not in the state. */
  readonly missing: string[];
}

/** What a Module did to make room for a state, before it was known whether the state fits. */
export interface Preparation {
  /** Takes it back: the state does not fit. */
  undo(): void;
  /** Lets go of what was there before: the state is loaded. */
  settle?(): void;
}

interface Assignment {
  path: string;
  run: () => void;
}

class Plan {
  readonly report: LoadReport = { loaded: [], skipped: [], unknown: [], missing: [] };
  readonly problems: string[] = [];
  readonly assignments: Assignment[] = [];
  readonly preparations: Preparation[] = [];
  /** Paths of the Modules that were met. */
  readonly modules: string[] = [];
  readonly only: (path: string) => boolean;

  constructor(only: LoadOptions["only"]) {
    this.only = matcher(only);
  }

  unknown(path: string, key: string, known: Iterable<string>): void {
    if (!this.only(path)) return void this.report.skipped.push(path);
    this.report.unknown.push(path);
    this.problems.push(`unknown "${path}", ${suggest(key, known)}`);
  }

  missing(path: string): void {
    if (!this.only(path)) return;
    this.report.missing.push(path);
    this.problems.push(`missing "${path}"`);
  }

  /** Every path that is wanted must have been met. */
  wanted(paths: readonly string[]): void {
    const { unknown, missing } = this.report;
    const met = [...this.modules, ...this.assignments.map(({ path }) => path), ...unknown, ...missing];
    for (const path of paths) if (!met.some((one) => isBelow(one, path))) this.missing(path);
  }
}

/**
 * Loads a state into a Module and all below it. Everything is checked before anything is changed.
 *
 * @throws {TypeError} every unknown and missing key and every value that doesn't fit, in one error
 */
export function loadState(root: Module, state: unknown, options: LoadOptions = {}): LoadReport {
  const nodes = renamed(nodesOf(state, root), options.rename ?? {});
  const plan = new Plan(options.only);
  const misfits: string[] = [];
  try {
    planModule(root, nodes, "", plan, misfits);
    plan.wanted(namedIn(options.only) ?? []);
    const problems = [...(options.strict ?? true ? plan.problems : []), ...misfits];
    if (problems.length > 0) {
      throw new TypeError(`Cannot load the state of ${root.constructor.name}: ${problems.join("; ")}`);
    }
  } catch (error) {
    for (const { undo } of plan.preparations.reverse()) undo();
    throw error;
  }
  for (const { path, run } of plan.assignments) {
    run();
    plan.report.loaded.push(path);
  }
  for (const { settle } of plan.preparations) settle?.();
  return plan.report;
}

function planModule(module: Module, nodes: Nodes, at: string, plan: Plan, misfits: string[]): void {
  const preparation = module.beforeLoad(nodes);
  if (preparation) plan.preparations.push(preparation);
  plan.modules.push(at);
  const rest = withoutExpected(module, nodes, at, plan);
  const known = new Map<string, (node: unknown) => void>();
  for (const { name, value } of fields(module, at)) {
    known.set(name, (node) => planField(module as unknown as Nodes, name, value, node, join(at, name), plan, misfits));
  }
  const groups = new Map<string, Map<string, Module>>();
  for (const child of children(module)) {
    const [name, ...below] = child.path.split(".");
    if (below.length === 0) known.set(name!, (node) => planChild(child.module, node, join(at, name!), plan, misfits));
    else groups.set(name!, (groups.get(name!) ?? new Map()).set(below.join("."), child.module));
  }
  for (const [name, group] of groups) {
    known.set(name, (node) => planGroup(group, node, join(at, name), plan, misfits));
  }
  follow(known, rest, at, plan);
}

/** The nodes less the states of callbacks that are not registered yet: those wait for them. */
function withoutExpected(module: Module, nodes: Nodes, at: string, plan: Plan): Nodes {
  const callbacks = entriesOf(nodes.callbacks);
  if (callbacks === undefined) return nodes;
  const registered = module.callbacks.modules();
  const present = Object.entries(callbacks).filter(([name]) => name in registered);
  for (const [name, node] of Object.entries(callbacks)) {
    const path = join(at, "callbacks", name);
    if (name in registered) continue;
    if (!plan.only(path)) plan.report.skipped.push(path);
    else plan.assignments.push({ path, run: () => module.callbacks.expect(name, node) });
  }
  const { callbacks: _, ...rest } = nodes;
  return present.length === 0 ? rest : { ...rest, callbacks: Object.fromEntries(present) };
}

/** Plans each key that is known; notes those unknown and those missing. */
function follow(known: Map<string, (node: unknown) => void>, nodes: Nodes, at: string, plan: Plan): void {
  for (const key of Object.keys(nodes)) if (!known.has(key)) plan.unknown(join(at, key), key, known.keys());
  for (const [key, visit] of known) {
    if (key in nodes) visit(nodes[key]);
    else plan.missing(join(at, key));
  }
}

function planChild(module: Module, node: unknown, at: string, plan: Plan, misfits: string[]): void {
  const nodes = entriesOf(node);
  if (nodes === undefined) misfits.push(`"${at}" is a ${module.constructor.name}, found ${kindOf(node)}`);
  else planModule(module, nodes, at, plan, misfits);
}

function planGroup(group: Map<string, Module>, node: unknown, at: string, plan: Plan, misfits: string[]): void {
  const nodes = flatGroup(node, group);
  if (nodes === undefined) return void misfits.push(`"${at}" holds Modules, found ${kindOf(node)}`);
  const known = new Map(
    [...group].map((
      [key, module],
    ) => [key, (below: unknown) => planChild(module, below, join(at, key), plan, misfits)]),
  );
  follow(known, nodes, at, plan);
}

/** A group's nodes by the dotted keys of its Modules: arrays and records may be nested. */
function flatGroup(node: unknown, group: Map<string, Module>): Nodes | undefined {
  const found: Nodes = {};
  const visit = (item: unknown, path: string): void => {
    const below = group.has(path) || isState(item) ? undefined : entriesOf(item);
    if (below === undefined) found[path] = item;
    else for (const [key, next] of Object.entries(below)) visit(next, join(path, key));
  };
  const nodes = entriesOf(node);
  if (nodes === undefined) return undefined;
  for (const [key, item] of Object.entries(nodes)) visit(item, key);
  return found;
}

function planField(
  holder: Nodes,
  name: string,
  now: unknown,
  node: unknown,
  path: string,
  plan: Plan,
  misfits: string[],
) {
  if (isLeafGroup(now)) {
    const nodes = entriesOf(node), leaves = now as unknown as Nodes;
    if (nodes === undefined) return void misfits.push(`"${path}" takes a record, found ${kindOf(node)}`);
    const visit = (key: string) => (item: unknown) =>
      planField(leaves, key, leaves[key], item, join(path, key), plan, misfits);
    return follow(new Map(Object.keys(leaves).map((key) => [key, visit(key)])), nodes, path, plan);
  }
  if (!plan.only(path)) return void plan.report.skipped.push(path);
  const value = plainOf(node);
  const leaf = leafOf(now);
  const wanted = leaf === undefined ? misfit(now as Value, value) : leaf.check(value);
  if (wanted !== undefined) return void misfits.push(`"${path}" takes ${wanted}, found ${kindOf(node)}`);
  const run = leaf === undefined ? () => void (holder[name] = cloneValue(value)) : () => leaf.write(value);
  plan.assignments.push({ path, run });
}

/** What the field takes, in words, when the value is of quite another kind; a field that is empty takes anything. */
function misfit(now: Value, value: Value): string | undefined {
  if (now === null || now === undefined || value === null || value === undefined) return undefined;
  const [mine, theirs] = [kindOf(now), kindOf(value)].map((kind) => kind.replace(/ .*/, ""));
  return mine === theirs ? undefined : `a ${mine}`;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (isNDArray(value)) return `array ${value.dtype} [${value.shape}]`;
  if (Array.isArray(value)) return "list";
  if (value instanceof Date) return "date";
  return typeof value === "object" || typeof value === "function" ? "record" : typeof value;
}

function nodesOf(state: unknown, root: Module): Nodes {
  const nodes = entriesOf(state);
  if (nodes !== undefined && !Array.isArray(state)) return nodes;
  throw new TypeError(`Cannot load the state of ${root.constructor.name}: found ${kindOf(state)}; it takes a State`);
}

/** States inside a field's value as plain records. */
function plainOf(node: unknown): Value {
  if (Array.isArray(node)) return node.map(plainOf);
  if (isState(node) || isRecord(node)) {
    return Object.fromEntries(Object.entries(node as object).map(([key, item]) => [key, plainOf(item)]));
  }
  return node as Value;
}

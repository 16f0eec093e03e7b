import { leavesIn } from "./leaf.ts";
import type { Module } from "./module.ts";
import { children, walk } from "./tree.ts";
import { isRecord } from "./value.ts";

/** What a tree shows of one Module. */
export interface TreeRow {
  /** How many Modules it hangs below. */
  readonly depth: number;
  /** Where it hangs from the one above; empty for the root. */
  readonly name: string;
  readonly type: string;
  /** Its own options, `{ units: 32 }`; empty when there are none. */
  readonly options: string;
  /** Of its own tensors: `kernel [64, 32], bias [32]`. */
  readonly shapes: string;
  /** How many numbers it and all below it learn. */
  readonly parameters: number;
}

/** A line for each Module: where it hangs, its class, its own options, how many parameters it has and all below it. */
export function printTree(root: Module): string {
  return treeRows(root).map(({ depth, name, type, options, shapes, parameters }) => {
    const start = `${"  ".repeat(depth)}${name && `${name}: `}${type}`;
    return [start, options, shapes, parameters > 0 ? `(${parameters} parameters)` : ""].filter(Boolean).join(" ");
  }).join("\n");
}

/** The Modules of a tree, parents first. */
export function treeRows(root: Module): TreeRow[] {
  const counts = parameterCounts(root);
  const depths = new Map<Module, number>();
  return [...walk(root)].map(([, module, child]) => {
    const depth = child === undefined ? 0 : depths.get(child.parent)! + 1;
    depths.set(module, depth);
    return {
      depth,
      name: child?.path ?? "",
      type: module.constructor.name,
      options: optionText(module),
      shapes: shapeText(module),
      parameters: counts.get(module) ?? 0,
    };
  });
}

function shapeText(module: Module): string {
  const shapes = Object.entries(module).flatMap(([field, value]) =>
    [...leavesIn(value, field)].flatMap(([name, { shape }]) =>
      shape === undefined ? [] : `${name} [${shape.join(", ")}]`
    )
  );
  return shapes.join(", ");
}

/** Options that are plain values; those that are Modules have lines of their own. */
function optionText(module: Module): string {
  const below = new Set(children(module).map(({ path }) => path.split(".")[0]));
  const options = Object.entries(module.configuration.toJSON());
  const own = options.filter(([name, value]) => !below.has(name) && !describesModule(value));
  if (own.length === 0) return "";
  return `{ ${own.map(([name, value]) => `${name}: ${shown(value)}`).join(", ")} }`;
}

/** A value; what stands for an array, rows or a function that code gave is told by its look and not by its digest. */
function shown(value: unknown): string {
  if (!isRecord(value) || typeof value.sha256 !== "string") return JSON.stringify(value);
  if (Array.isArray(value.shape)) return `${value.dtype} [${value.shape.join(", ")}]`;
  if (typeof value.rows === "number") return `${value.rows} rows`;
  return typeof value.function === "string" ? `${value.function || "given in code"}` : JSON.stringify(value);
}

function describesModule(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(describesModule);
  if (!isRecord(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && (keys.every((key) => /^\p{Lu}/u.test(key)) || Object.values(value).every(describesModule));
}

/** How many numbers are learnt in each Module and below it. */
function parameterCounts(root: Module): Map<Module, number> {
  const counts = new Map<Module, number>();
  const above: [path: string, module: Module][] = [];
  for (const [path, module] of walk(root)) {
    while (above.length > 0 && above.at(-1)![0] !== "" && !path.startsWith(`${above.at(-1)![0]}.`)) above.pop();
    above.push([path, module]);
    const own = parametersIn(module);
    for (const [, ancestor] of above) counts.set(ancestor, (counts.get(ancestor) ?? 0) + own);
  }
  return counts;
}

function parametersIn(module: Module): number {
  const leaves = Object.values(module).flatMap((value) => [...leavesIn(value)]);
  return leaves.reduce((sum, [, leaf]) => sum + (leaf.parameters ?? 0), 0);
}

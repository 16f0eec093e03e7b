import { isModule, type Module } from "../module/module.ts";
import type { Replaced } from "../module/replaced.ts";
import { seedTree } from "../module/seed.ts";
import { nameAndOptions } from "../module/slot.ts";
import { type State, valueToState } from "../module/state.ts";
import { cloneValue, equalValues, isRecord, isValue, mapRecord, type Value } from "../module/value.ts";
import { budgetFields, isBudget, plainOptions } from "./same_experiment.ts";

/** What a changed configuration means for a state that was saved under the one before. */
export class Changes {
  readonly #paths: string[];
  /** Where another class stands, or none stood, or none stands. */
  readonly #classes: string[];
  readonly #reseeded: boolean;

  constructor(recorded: unknown, present: unknown) {
    const [before, after] = [recorded, present].map(optionsIn);
    const differs = (path: string) => !equalValues(before!.get(path), after!.get(path));
    this.#paths = [...new Set([...before!.keys(), ...after!.keys()])].filter(differs);
    const [old, now] = [recorded, present].map(classesIn);
    this.#classes = [...new Set([...old!.keys(), ...now!.keys()])].filter((path) => old!.get(path) !== now!.get(path));
    this.#reseeded = this.#paths.includes("seed");
  }

  /** The Modules that took another's place during the run and keep it: not those that are configured otherwise now. */
  replaced(before: Replaced): Replaced {
    const changed = [...this.#paths, ...this.#classes];
    const stays = (path: string) => !changed.some((other) => isBelow(other, path) || isBelow(path, other));
    const [kept, gone] = [true, false].map((stay) => Object.entries(before).filter(([path]) => stays(path) === stay));
    this.#classes.push(...gone!.map(([path]) => path));
    return Object.fromEntries(kept!);
  }

  /** Loads the state but for what is configured otherwise now: that stays as it was built. */
  async load(root: Module, value: Value, seed: number): Promise<void> {
    const state = valueToState(value);
    for (const path of this.#classes) drop(state, path);
    const fields = this.#changedFields(root);
    const apart = this.#classes.map((path) => path.replaceAll(/[^\w]/g, "\\$&")).join("|");
    await root.loadState(state, apart === "" ? {} : { only: new RegExp(`^(?!(?:${apart})(?:\\.|$))`) });
    for (const { module, name, value } of fields) module[name] = value;
    if (this.#reseeded) seedTree(root, seed);
  }

  /** The fields that follow from changed options; those of the budget all together. */
  #changedFields(root: Module): { module: Record<string, unknown>; name: string; value: unknown }[] {
    const modules = new Map(root.modules());
    const paths = new Set(this.#paths);
    if (this.#paths.some(isBudget)) budgetFields.forEach((path) => paths.add(path));
    return [...paths].flatMap((path) => {
      const keys = path.split(".");
      const depth = keys.findLastIndex((_, i) => modules.has(keys.slice(0, i).join(".")));
      const module = modules.get(keys.slice(0, depth).join(".")) as unknown as Record<string, unknown>;
      const name = keys[depth]!;
      const plain = Object.hasOwn(module, name) && isValue(module[name]) && !isModule(module[name]);
      return plain ? [{ module, name, value: cloneValue(module[name] as Value) }] : [];
    });
  }
}

const isBelow = (path: string, other: string): boolean => path === other || path.startsWith(`${other}.`);

/** Takes what lies at a path out of a state, if anything does. */
function drop(state: State, path: string): void {
  const keys = path.split("."), last = keys.pop()!;
  const holder = keys.reduce<Record<string, unknown> | undefined>(
    (node, key) => node?.[key] as Record<string, unknown> | undefined,
    state,
  );
  if (holder != null) delete holder[last];
}

/** Stands before the name of a callback, which is not to be taken for a class's. */
const mark = "@";
const unmarked = (path: string): string => path.replaceAll(mark, "");

/** A configuration whose callbacks stand under the names that they have in the tree, not under numbers. */
function named(node: unknown, key = ""): unknown {
  if (isRecord(node)) return mapRecord(node, (item, key) => named(item, key));
  if (!Array.isArray(node)) return node;
  if (key !== "callbacks") return node.map((item) => named(item));
  const count = new Map<string, number>();
  return Object.fromEntries(node.map((item) => {
    const { name } = nameAndOptions(item)!, n = (count.get(name) ?? 0) + 1;
    count.set(name, n);
    return [`${mark}${n === 1 ? name : `${name}_${n}`}`, item];
  }));
}

/** Every plain option of a resolved configuration by its path in the tree. */
function optionsIn(configuration: unknown): Map<string, unknown> {
  return new Map([...plainOptions(named(configuration))].map(([path, value]) => [unmarked(path), value]));
}

/** The class at each path of a resolved configuration. */
function classesIn(configuration: unknown): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (node: unknown, path: string[]): void => {
    const part = isRecord(node) ? nameAndOptions(node) : undefined;
    if (part !== undefined) {
      found.set(unmarked(path.join(".")), part.name);
      visit(part.options, path);
    } else if (isRecord(node) || Array.isArray(node)) {
      for (const [key, value] of Object.entries(node)) visit(value, [...path, key]);
    }
  };
  visit(named(configuration), []);
  return found;
}

import { encodeClass } from "./encode_class.ts";
import type { Module } from "./module.ts";
import { classNamed } from "./registry.ts";
import { nameAndOptions } from "./slot.ts";
import { type Child, walk } from "./tree.ts";

/** Modules that took another's place since their tree was configured: path to class with options, as JSON. */
export type Replaced = Readonly<Record<string, string>>;

/**
 * Puts Modules like those that took another's place into their places; gives those that it made.
 *
 * @throws {Error} a place that is not there
 */
export function putReplaced(root: Module, replaced: Replaced): Module[] {
  const made = Object.entries(replaced).map(([path, description]) => {
    const { name, options } = nameAndOptions(JSON.parse(description))!, place = placeOf(root, path);
    if (place === undefined) throw new Error(`Cannot restore: there is no place "${path}" for a ${name}`);
    return place.holder[place.key] = new (classNamed(name))(options) as unknown as Module;
  });
  root.adopt();
  return made;
}

/** Every Module below another by its path: class with options, as JSON. */
export const describeBelow = (root: Module): Replaced =>
  Object.fromEntries([...root.modules()].slice(1).map(([path, module]) => [path, encodeClass(module)]));

/** Makes a tree like one that was described: what its configuration doesn't tell is put into its place. */
export function matchBelow(root: Module, described: Replaced): void {
  for (const [path, description] of Object.entries(described)) {
    const there = placeOf(root, path)?.module;
    if (there !== undefined && encodeClass(there) !== description) putReplaced(root, { [path]: description });
  }
}

function placeOf(root: Module, path: string): Child | undefined {
  for (const [at, , child] of walk(root)) if (at === path) return child;
}

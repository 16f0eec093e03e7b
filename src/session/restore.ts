import type { Module } from "../module/module.ts";
import { classNamed } from "../module/registry.ts";
import { nameAndOptions } from "../module/slot.ts";
import { walk } from "../module/tree.ts";

/** Modules that took another's place since the run was configured: path to class with options, as JSON. */
export type Replaced = Readonly<Record<string, string>>;

/** Puts Modules like those that took another's place during the run into their places. */
export function putReplaced(root: Module, replaced: Replaced): void {
  for (const [path, description] of Object.entries(replaced)) {
    const { name, options } = nameAndOptions(JSON.parse(description))!;
    const place = placeOf(root, path);
    if (place === undefined) throw new Error(`Cannot restore: there is no place "${path}" for a ${name}`);
    place.holder[place.key] = new (classNamed(name))(options);
  }
  root.adopt();
}

/** What holds the Module at a path, and under which key. */
function placeOf(root: Module, path: string): { holder: Record<string, unknown>; key: string } | undefined {
  for (const [at, , child] of walk(root)) if (at === path) return child;
}

import { absent, encodeClass } from "./encode_class.ts";
import type { Event } from "./event.ts";
import type { Module } from "./module.ts";
import { classNamed } from "./registry.ts";
import { nameAndOptions } from "./slot.ts";
import { join } from "./path.ts";
import { type Child, walk } from "./tree.ts";

/** Modules that took another's place since their tree was configured: path to class with options, as JSON. */
export type Replaced = Readonly<Record<string, string>>;

/** Notes what stands at a path now, of an event; what was noted below it went with the Module that stood there. */
export function noteReplaced(replaced: Record<string, string>, { path, payload }: Event): void {
  const to = String(payload.to), at = to === absent ? join(path, String(payload.name)) : path;
  for (const other of Object.keys(replaced)) if (`${other}.`.startsWith(`${at}.`)) delete replaced[other];
  replaced[at] = to;
}

/**
 * Puts Modules like those that took another's place into their places, or takes away what was; gives those that it made.
 *
 * @throws {Error} a place that is not there
 */
export function putReplaced(root: Module, replaced: Replaced): Module[] {
  const [gone, put] = [true, false].map((isGone) =>
    Object.entries(replaced).filter(([, description]) => (description === absent) === isGone)
  );
  const made = put!.map(([path, description]) => {
    const { name, options } = nameAndOptions(JSON.parse(description))!,
      place = placeOf(root, path) ?? freePlace(root, path);
    if (place === undefined) throw new Error(`Cannot restore: there is no place "${path}" for a ${name}`);
    return place.holder[place.key] = new (classNamed(name))(options) as unknown as Module;
  });
  for (const [path] of gone!.reverse()) { // of an array, the last first
    const { holder, key } = placeOf(root, path) ?? {};
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else if (holder !== undefined) delete holder[key!];
  }
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

/** A place in an array or a record where nothing stands yet. */
function freePlace(root: Module, path: string): Pick<Child, "holder" | "key"> | undefined {
  const keys = path.split("."), key = keys.pop()!;
  const holder = keys.reduce<unknown>((at, key) => Object.hasOwn(Object(at), key) ? Object(at)[key] : undefined, root);
  return typeof holder === "object" && holder !== null ? { holder: holder as Child["holder"], key } : undefined;
}

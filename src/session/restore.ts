import { isModule, type Module } from "../module/module.ts";
import { classNamed } from "../module/registry.ts";
import { nameAndOptions } from "../module/slot.ts";
import { valueToState } from "../module/state.ts";
import { walk } from "../module/tree.ts";
import { equalValues, isRecord, type Value } from "../module/value.ts";
import { plainOptions } from "./same_experiment.ts";

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

/** Loads a state that another configuration of the experiment saved: its changed options keep their new values. */
export async function loadChanged(root: Module, state: Value, recorded: unknown, present: unknown): Promise<void> {
  const [before, after] = [classesIn(recorded), classesIn(present)];
  const replaced = [...after].filter(([path, name]) => before.has(path) && before.get(path) !== name).map(([path]) =>
    path
  );
  const apart = replaced.map((path) => path.replaceAll(".", "\\.")).join("|");
  await root.loadState(
    valueToState(state),
    replaced.length === 0 ? {} : { only: new RegExp(`^(?!(?:${apart})(?:\\.|$))`) },
  );
  const old = new Map(plainOptions(recorded));
  const modules = new Map(root.modules());
  for (const [path, value] of plainOptions(present)) {
    if (equalValues(old.get(path), value)) continue;
    const module = modules.get(path.split(".").slice(0, -1).join(".")) as unknown as Record<string, unknown>;
    const name = path.split(".").at(-1)!;
    if (module !== undefined && Object.hasOwn(module, name) && !isModule(module[name])) module[name] = value;
  }
}

/** The class at each path of a resolved configuration. */
function classesIn(node: unknown, path: string[] = [], found = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(node)) node.forEach((item, i) => classesIn(item, [...path, `${i}`], found));
  if (!isRecord(node)) return found;
  for (const [key, value] of Object.entries(node)) {
    if (/^\p{Lu}/u.test(key)) found.set(path.join("."), key);
    classesIn(value, /^\p{Lu}/u.test(key) ? path : [...path, key], found);
  }
  return found;
}

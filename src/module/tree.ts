import { isModule } from "./brand.ts";
import { isLeaf, isLeafGroup, type Leaf, type LeafGroup } from "./leaf.ts";
import type { Module } from "./module.ts";
import { join } from "./path.ts";
import { isRecord, isValue, type Value } from "./value.ts";

/** Where something stands: under a key of what holds it; of an array or a record, where that stands. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly outer?: Place;
}

/** A child of a Module, and its path below it (`heads.a`). */
export interface Child extends Place {
  readonly path: string;
  readonly module: Module;
}

/** What stands at a place now, also when what held it was replaced. */
export function standing({ holder, key, outer }: Place): unknown {
  const now = outer === undefined ? holder : standing(outer) as Record<string, unknown> | undefined;
  return now?.[key];
}

/** A public field that is state. */
export interface Field {
  readonly name: string;
  readonly value: Value | Leaf | LeafGroup;
}

/** The Modules directly below: fields that hold one, or an array or a record of them; then the registered callbacks. */
export function children(module: Module): Child[] {
  const found: Child[] = [];
  for (const [name, value] of Object.entries(module)) {
    collect(module, value, name, { holder: module as unknown as Record<string, unknown>, key: name }, found);
  }
  for (const [name, callback] of Object.entries(module.callbacks.modules())) {
    found.push({ path: join("callbacks", name), holder: module.callbacks.modules(), key: name, module: callback });
  }
  return found;
}

function collect(owner: Module, value: unknown, path: string, place: Place, found: Child[]): void {
  if (isModule(value)) return void found.push({ path, ...place, module: value });
  if (!isGroup(owner, value, path)) return;
  for (const [key, item] of Object.entries(value)) {
    collect(owner, item, join(path, key), { holder: value, key, outer: place }, found);
  }
}

/** Whether this is an array or a record of Modules, nested ones too. @throws {TypeError} Modules and other values in one */
function isGroup(owner: Module, value: unknown, path: string): value is Record<string, unknown> {
  if (!Array.isArray(value) && !isRecord(value)) return false;
  const items = Object.entries(value);
  const modules = items.filter(([key, item]) => isModule(item) || isGroup(owner, item, join(path, key))).length;
  if (modules > 0 && modules + items.filter(([, item]) => isEmpty(item)).length < items.length) {
    throw new TypeError(
      `Cannot tell what "${path}" of ${owner.constructor.name} is: ${modules} of its ${items.length} items are Modules; keep Modules and other values apart`,
    );
  }
  const dotted = modules > 0 && items.find(([key]) => key.includes("."));
  if (dotted) {
    throw new TypeError(
      `Cannot name a child "${dotted[0]}" in "${path}" of ${owner.constructor.name}: a name has no dot in it`,
    );
  }
  return modules > 0;
}

const isEmpty = (value: unknown): boolean =>
  (Array.isArray(value) || isRecord(value)) && Object.keys(value).length === 0;

/** The public fields that are state. @throws {TypeError} a field that is neither state nor a child, with the fix */
export function fields(module: Module, at = ""): Field[] {
  const found: Field[] = [];
  for (const [name, value] of Object.entries(module)) {
    if (isModule(value) || isGroup(module, value, name)) continue;
    if (!isLeaf(value) && !isLeafGroup(value) && !isValue(value)) {
      const what = (value as object)?.constructor?.name ?? typeof value;
      throw new TypeError(
        `Cannot take the state of ${module.constructor.name}${
          at && ` at "${at}"`
        }: its field "${name}" holds a ${what}, which is neither a plain value nor a Module; make it private (#${name}), or a Module`,
      );
    }
    found.push({ name, value: value as Field["value"] });
  }
  return found;
}

/**
 * A Module and all below it with their paths, parents first.
 *
 * @throws {TypeError} a Module that is at two places, naming both: a tree, never a graph
 */
export function* walk(root: Module): Generator<[path: string, module: Module, child?: Child & { parent: Module }]> {
  const seen = new Map<Module, string>([[root, ""]]);
  function* below(parent: Module, at: string): ReturnType<typeof walk> {
    for (const child of children(parent)) {
      const path = join(at, child.path), before = seen.get(child.module);
      if (before !== undefined) {
        throw new TypeError(
          `Cannot take ${root.constructor.name} as a tree: the same ${child.module.constructor.name} is at "${before}" and at "${path}"; give each place a Module of its own`,
        );
      }
      seen.set(child.module, path);
      yield [path, child.module, { ...child, parent }];
      yield* below(child.module, path);
    }
  }
  yield ["", root];
  yield* below(root, "");
}

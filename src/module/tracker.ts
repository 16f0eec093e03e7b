import { absent, encodeClass } from "./encode_class.ts";
import type { Module } from "./module.ts";
import { type Child, standing, walk } from "./tree.ts";
import { cloneValue, equalValues, isValue, type Value } from "./value.ts";

/** A change that plain assignment made in a tree. */
export type Change =
  | {
    readonly trigger: "module_replaced";
    /** What it hangs from. */
    readonly module: Module;
    readonly name: string;
    /** What stands there now. */
    readonly now: unknown;
    readonly from: string;
    readonly to: string;
  }
  | {
    readonly trigger: "parameter_changed";
    readonly module: Module;
    readonly name: string;
    readonly from: Value;
    readonly to: Value;
  };

interface Link {
  readonly child: Child;
  readonly parent: Module;
  readonly path: string;
}

interface Parameter {
  readonly module: Module;
  readonly name: string;
  value: Value;
}

/**
 * Finds what was assigned since it looked last: a Module in another's place, a parameter (a public field named like an
 * option of its class) with another value. Looking costs a comparison each, so that it can be done at every step.
 */
export class Tracker {
  readonly #root: Module;
  #links: Link[] = [];
  /** The arrays and records that hold Modules, and how many each held. */
  #groups = new Map<object, number>();
  #parameters: Parameter[] = [];

  constructor(root: Module) {
    this.#root = root;
    this.reset();
  }

  /** Takes what is there now as known. */
  reset(): void {
    this.#root.adopt();
    const nodes = [...walk(this.#root)];
    this.#links = nodes.flatMap(([path, , child]) => child ? [{ child, parent: child.parent, path }] : []);
    const groups = this.#links.flatMap(({ child: { holder, outer } }) => outer === undefined ? [] : [holder]);
    this.#groups = new Map(groups.map((group) => [group, Object.keys(group).length]));
    this.#parameters = nodes.flatMap(([, module]) => parametersOf(module));
  }

  /** The changes since the last look. */
  look(): Change[] {
    const replaced = this.#links.some(({ child }) => standing(child) !== child.module) ||
      this.#groups.entries().some(([group, size]) => Object.keys(group).length !== size);
    if (!replaced) return this.#changedParameters();
    const changes = [...this.#replacedModules(), ...this.#changedParameters()], before = this.#links;
    this.reset();
    return [...changes, ...this.#addedSince(before)];
  }

  /** What was put into an array or a record of Modules that was there before. */
  #addedSince(before: readonly Link[]): Change[] {
    const paths = new Set(before.map(({ path }) => path));
    const parents = new Set([this.#root, ...before.map(({ child }) => child.module)]);
    return this.#links.flatMap(({ child, parent, path }): Change[] => {
      if (child.outer === undefined || paths.has(path) || !parents.has(parent)) return [];
      const { path: name, module: now } = child;
      return [{ trigger: "module_replaced", module: parent, name, now, from: absent, to: encodeClass(now) }];
    });
  }

  #replacedModules(): Change[] {
    const gone = this.#links.filter(({ child }) => standing(child) !== child.module);
    // What hung below a Module that is gone went with it.
    const topmost = gone.filter(({ path }) => !gone.some((other) => path.startsWith(`${other.path}.`)));
    return topmost.map(({ child, parent }): Change => {
      const now = standing(child);
      const [from, to] = [child.module, now].map(encodeClass) as [string, string];
      return { trigger: "module_replaced", module: parent, name: child.path, now, from, to };
    });
  }

  #changedParameters(): Change[] {
    const changes: Change[] = [];
    for (const parameter of this.#parameters) {
      const { module, name, value } = parameter;
      const now = (module as unknown as Record<string, Value>)[name];
      if (Object.is(now, value) || equalValues(now, value)) continue;
      changes.push({ trigger: "parameter_changed", module, name, from: value, to: parameter.value = cloneValue(now) });
    }
    return changes;
  }
}

function parametersOf(module: Module): Parameter[] {
  const options = Object.keys((module.constructor as unknown as { schema: { shape: object } }).schema.shape);
  return options.flatMap((name) => {
    const value = Object.getOwnPropertyDescriptor(module, name)?.value;
    return value !== undefined && isValue(value) ? [{ module, name, value: cloneValue(value) }] : [];
  });
}

import type { Module } from "./module.ts";
import { join, split } from "./path.ts";
import { suggest } from "./text.ts";
import { walk } from "./tree.ts";
import { isValue } from "./value.ts";

/**
 * Sets a parameter below a Module: by its path, or by the end of a path if only one ends so
 * (`optimizer.learningRate` for `trainer.model.optimizer.learningRate`). A function gets the present value.
 *
 * @throws {RangeError} no parameter there, or several; @throws {TypeError} a value that can't be state
 */
export function setParameter(root: Module, path: string, value: unknown | ((present: unknown) => unknown)): void {
  const keys = split(path), name = keys.pop()!, wanted = keys.join(".");
  const holders = [...walk(root)].filter(([, module]) => Object.hasOwn(module, name) && isValue(valueOf(module, name)));
  const exact = holders.filter(([at]) => at === wanted);
  const found = exact.length > 0 ? exact : holders.filter(([at]) => at.endsWith(`.${wanted}`) || wanted === "");
  if (found.length !== 1) {
    const known = holders.map(([at]) => join(at, name));
    const several = `it is one of ${known.join(", ")}; give the whole path`;
    throw new RangeError(
      `Cannot set "${path}": ${found.length > 1 ? several : `there is none; ${suggest(path, known)}`}`,
    );
  }
  const [at, module] = found[0]!;
  const next = typeof value === "function" ? value(valueOf(module, name)) : value;
  if (!isValue(next)) {
    throw new TypeError(`Cannot set "${join(at, name)}": found a ${typeof next}; it takes a plain value`);
  }
  const present = valueOf(module, name);
  const other = typeof next !== typeof present && [next, present].every((one) => one !== null && one !== undefined);
  if (other) {
    throw new TypeError(`Cannot set "${join(at, name)}": found a ${typeof next}, it takes a ${typeof present}`);
  }
  (module as unknown as Record<string, unknown>)[name] = next;
}

const valueOf = (module: Module, name: string): unknown => (module as unknown as Record<string, unknown>)[name];

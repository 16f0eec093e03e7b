import { nameAndOptions } from "../module/slot.ts";
import { quoted, suggest } from "../module/text.ts";
import { isRecord } from "../module/value.ts";

/**
 * Every option of a configuration by its path, less the names of classes; at a class's own place stands its name:
 * `trainer.model.optimizer` is `"Adam"`, `trainer.model.optimizer.learningRate` is 0.001.
 */
export function optionsByPath(configuration: unknown): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const visit = (node: unknown, path: string): void => {
    const named = isRecord(node) ? nameAndOptions(node) : undefined;
    if (named !== undefined) {
      if (path !== "") found.set(path, named.name);
      return below(named.options, path);
    }
    if (path !== "") found.set(path, node);
    below(node, path);
  };
  const below = (node: unknown, path: string): void => {
    if (!isRecord(node) && !Array.isArray(node)) return;
    for (const [key, item] of Object.entries(node)) visit(item, path === "" ? key : `${path}.${key}`);
  };
  visit(configuration, "");
  return found;
}

/**
 * The whole path of an option that may have been written short: `epochs` or `trainer.epochs` for
 * `trainer.looper.epochs`. Names of classes may stand in it or not.
 *
 * @throws {RangeError} no such option, with the nearest one; more than one that it may mean
 */
export function wholePath(path: string, known: ReadonlySet<string>): string {
  if (known.has(path)) return path;
  const keys = path.split(".");
  const wanted = keys.filter((key, i) => i === keys.length - 1 || !/^\p{Lu}/u.test(key));
  if (known.has(wanted.join("."))) return wanted.join(".");
  const fitting = [...known].map((other) => other.split(".")).filter((other) => isShortFor(wanted, other));
  const least = Math.min(...fitting.map((other) => other.length));
  const [first, ...others] = fitting.filter((other) => other.length === least).map((other) => other.join("."));
  if (first === undefined) throw new RangeError(`no run has it; ${suggest(path, known)}`);
  if (others.length === 0) return first;
  throw new RangeError(`it may be any of ${quoted([first, ...others])}; write one of them`);
}

/** Whether keys are some of a path's, in its order, and end like it. */
function isShortFor(wanted: readonly string[], path: readonly string[]): boolean {
  if (wanted.at(-1) !== path.at(-1)) return false;
  let i = 0;
  for (const key of path) if (key === wanted[i]) i++;
  return i === wanted.length;
}

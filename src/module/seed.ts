import { leavesIn } from "./leaf.ts";
import type { Module } from "./module.ts";
import { join } from "./path.ts";
import { walk } from "./tree.ts";

/**
 * Gives every random stream in a tree its own randomness, from one seed and the stream's path. What a Module makes
 * later (a layer's dropout) it seeds from a stream of its own.
 *
 * @param below the path of `root` in the experiment, so that a part alone draws what it draws as a part
 */
export function seedTree(root: Module, seed: number | string, below = ""): void {
  for (const [path, module] of walk(root)) {
    for (const [field, value] of Object.entries(module)) {
      for (const [name, leaf] of leavesIn(value, field)) leaf.seed?.(seed, join(below, path, name));
    }
  }
}

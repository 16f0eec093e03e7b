import { checkWork } from "./background.ts";
import type { Module } from "./module.ts";
import { join } from "./path.ts";
import { type Child, standing } from "./tree.ts";

/** A Module on the way to the root, and the path from it to where the way began. */
export interface Level {
  readonly module: Module;
  readonly path: string;
}

/** Roots that somebody listens to, and how often: a Module that was assigned a moment ago is looked for below them. */
const watched = new Map<Module, number>();

/** So often in a row a Module that hangs nowhere looks around each time that it speaks; after that, once in so many ms. */
const eagerLooks = 32;
const lookInterval = 2;

/** Notes that somebody listens to a Module; gives back what ends it. */
export function watch(module: Module): () => void {
  module.adopt();
  watched.set(module, (watched.get(module) ?? 0) + 1);
  return () => {
    const left = watched.get(module)! - 1;
    if (left > 0) watched.set(module, left);
    else watched.delete(module);
  };
}

/** Where a Module hangs, as far as it knows: a Module learns its place when the tree above it is looked over. */
export class Place {
  readonly module: Module;
  #looks = 0;
  #looked = 0;
  #above: { readonly place: Place; readonly child: Child } | undefined;

  constructor(module: Module) {
    this.module = module;
  }

  /** Tells it where it hangs. */
  hang(place: Place, child: Child): void {
    this.#above = { place, child };
  }

  /** Visits this Module and those above it, nearest first, with the path from each to this one. */
  climb(visit: (module: Module, path: string) => void): void {
    checkWork(); // what nobody waits for is heard no more
    const { top } = this;
    // One that was assigned a moment ago hangs from a Module that somebody listens to, and does not know it yet.
    const known = watched.has(top.module), others = watched.size - (known ? 1 : 0);
    if (others > 0 && (top === this || !known)) this.#lookAround(top);
    visit(this.module, "");
    let link = this.#link(), path = "";
    while (link !== undefined) {
      path = path === "" ? link.child.path : join(link.child.path, path);
      visit(link.place.module, path);
      link = link.place.#link();
    }
  }

  /** This Module and those above it, nearest first. */
  levels(): Level[] {
    const levels: Level[] = [];
    this.climb((module, path) => levels.push({ module, path }));
    return levels;
  }

  /** The root of its tree, as far as its Modules know where they hang. */
  get top(): Place {
    const link = this.#link();
    return link === undefined ? this : link.place.top;
  }

  /** Has the roots that are listened to look over their trees, this Module may be in one. */
  #lookAround(top: Place): void {
    if (this.#looks >= eagerLooks) { // one that speaks a lot and was never found looks seldom
      const now = performance.now();
      if (now - this.#looked < lookInterval) return;
      this.#looked = now;
    }
    for (const root of watched.keys()) if (root !== top.module) root.adopt();
    this.#looks = this.#link() === undefined ? this.#looks + 1 : 0;
  }

  /** What it hangs from, if it still does: one that was replaced is heard no more. */
  #link(): { readonly place: Place; readonly child: Child } | undefined {
    const above = this.#above;
    return above !== undefined && standing(above.child) === this.module ? above : undefined;
  }
}

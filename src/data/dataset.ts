import type { z } from "zod";
import { Module } from "../module/module.ts";
import { after } from "./after.ts";
import type { Access, ArrayDescription, Batch, Description, Item } from "./batch.ts";
import type { Course } from "./course.ts";
import { digestOfSome } from "./digest.ts";
import { isNDArray } from "../module/ndarray.ts";
import { printTree } from "../module/print_tree.ts";
import { lookPlaces } from "./look_places.ts";
import { stack } from "./stack.ts";

/**
 * Items by number. One of your own overrides `size` and `get`; `gather` where it can be faster, `description` where the
 * first item doesn't tell it, `prepare` (which may be called twice) where something must be read first. What it holds
 * follows from its options, and from its random streams where it has such: where one is in it is the DataLoader's
 * matter.
 *
 * @example
 * ```ts
 * import { Dataset, type Item, NDArray } from "ptutils";
 * class Squares extends Dataset {
 *   override readonly size = 100;
 *   override get(i: number): Item {
 *     this.checkIndex(i);
 *     return { input: new NDArray("float32", [1], [i]), target: i * i };
 *   }
 * }
 * const batch = await new Squares().gather([2, 3]);
 * if (`${batch.target.data}` !== "4,9" || `${batch.input.shape}` !== "2,1") throw new Error("unexpected");
 * ```
 */
export abstract class Dataset<S extends z.ZodObject = z.ZodObject> extends Module<S> {
  #whole: boolean | undefined;
  /** What was found of items that take time, made by these Modules. */
  #looked: { modules: readonly Module[] } & ({ description: Description } | { error: unknown }) | undefined;

  /** Number of items; Infinity where nobody can know it. */
  abstract get size(): number;

  /**
   * The i-th item; its arrays are its own. Who gives each item anew in every pass, as one that is turned at random,
   * goes by the number of the pass.
   *
   * @throws {RangeError} no such item; @throws {TypeError} a data set that gives its items only one after another
   */
  abstract get(i: number, pass?: number): Item;

  override invoke(i: number, pass = 0): Item {
    return this.get(i, pass);
  }

  /** Lets go of what it holds open, as a source that it is in the middle of: a run is completed. It can still be used. */
  letGo(): void {}

  /** Some items, in this order; they may differ in shape. */
  items(indices: ArrayLike<number>, pass = 0): Item[] | Promise<Item[]> {
    return Array.from(indices, (i) => this.get(i, pass));
  }

  /**
   * Some items as a batch, in this order. One of your own may answer later, with a promise, where items have to be
   * fetched; who calls it for any data set awaits it. Fewer than were asked for come only where {@linkcode access} is
   * not "random" and the end was met.
   *
   * @throws {RangeError} no such item; @throws {TypeError} items that differ
   */
  gather(indices: ArrayLike<number>, pass = 0): Batch | Promise<Batch> {
    return after(this.items(indices, pass), (items) => this.#stack(items, indices));
  }

  /** In which ways its items may be asked for. */
  get access(): Access {
    return "random";
  }

  /**
   * The items of a pass, where it isn't a sampler that orders them.
   *
   * @param _moves whether it goes on at a place that is its state, and moves it
   * @param _limit most items of a pass; null for all
   */
  course(_pass: number, _moves: boolean, _limit: number | null): Course | undefined {
    return undefined;
  }

  /**
   * What operators make of it, one after another.
   *
   * @example
   * ```ts
   * import { BatchDataset, Digits, ShuffleDataset, TakeDataset } from "ptutils";
   * const groups = new Digits().pipe(ShuffleDataset.over(), TakeDataset.over({ count: 96 }), BatchDataset.over({ batchSize: 32 }));
   * if (groups.size !== 3 || `${groups(0).input.shape}` !== "32,8,8,1") throw new Error("unexpected");
   * ```
   */
  pipe(...operators: readonly ((dataset: Dataset) => Dataset)[]): Dataset {
    return operators.reduce((dataset, operator) => operator(dataset), this as Dataset);
  }

  /** All items of a pass, one after another, made ready before. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    await this.prepare();
    for (let i = 0; i < this.size; i++) {
      const [item] = await this.items([i]);
      if (item === undefined) return; // it ended sooner than one can know
      yield item;
    }
  }

  [Symbol.for("Deno.customInspect")](): string {
    const [first, ...below] = printTree(this).split("\n");
    return [`${first}: ${this.#told()}`, ...below].join("\n");
  }

  /** How many items there are and what they look like, as far as that is known. */
  #told(): string {
    try {
      const { input, target } = this.description,
        look = ({ dtype, shape }: ArrayDescription) => `${dtype} [${shape.join(", ")}]`;
      const count = this.size === Infinity ? "items" : `${this.size} item${this.size === 1 ? "" : "s"}`;
      const classes = target.classes === undefined ? "" : ` of ${target.classes} classes`;
      return `${count}, input ${look(input)}, target ${look(target)}${classes}`;
    } catch {
      return "not ready yet";
    }
  }

  /** What its items look like; by default what the first one does. @throws {RangeError} no items to look at */
  get description(): Description {
    return this.look();
  }

  /** What its first items look like. */
  protected look(): Description {
    if (this.#looked === undefined) return this.#describe(this.get(0), () => this.#targetsAreWhole());
    if ("error" in this.#looked) throw this.#looked.error;
    return this.#looked.description;
  }

  /**
   * Looks at some items where getting one takes time: what `prepare` does of a data set that looks at items which it makes
   * of others.
   */
  protected async lookAhead(): Promise<void> {
    const modules = [...this.modules()].map(([, module]) => module), before = this.#looked?.modules;
    if (before?.length === modules.length && before.every((module, i) => module === modules[i])) return;
    this.#looked = undefined;
    if (this.access !== "random" || this.size === 0) return;
    try {
      void this.look();
    } catch {
      const found = this.#describeLater();
      if (found !== undefined) this.#looked = { modules, ...await found };
    }
  }

  /** What some items look like; undefined where they can be had at once. */
  #describeLater(): Promise<{ description: Description } | { error: unknown }> | undefined {
    try {
      const found = this.items(lookPlaces(this.size));
      if (!(found instanceof Promise)) return undefined;
      const describe = (items: readonly Item[]) => ({
        description: this.#describe(items[0]!, () => items.every(({ target }) => Number.isInteger(target))),
      });
      return found.then(describe).catch((error) => ({ error }));
    } catch {
      return undefined; // whoever looks is told
    }
  }

  #describe({ input, target }: Item, targetsAreWhole: () => boolean): Description {
    checkPart(this, "input", isNDArray(input), input);
    checkPart(this, "target", isNDArray(target) || typeof target === "number", target);
    return {
      input: { shape: input.shape, dtype: input.dtype },
      target: typeof target === "number"
        ? { shape: [], dtype: targetsAreWhole() ? "int32" : "float32" }
        : { shape: target.shape, dtype: target.dtype },
    };
  }

  /**
   * A sha256, in hexadecimal, by which a record tells the data again, on any machine: of its class's name, its options,
   * its size and description, and up to 256 items spread over all. Equal data have equal digests; a change between the
   * items that are looked at is not seen. One of your own that knows a better one, as the digest of its file, overrides it.
   */
  digest(): string | Promise<string> {
    return digestOfSome(this, [this.constructor.name, this.configuration.toJSON()]);
  }

  /** Whether the targets of a few items, spread over all, are whole numbers: one alone may be so by chance. */
  #targetsAreWhole(): boolean {
    if (this.#whole !== undefined) return this.#whole;
    for (const i of lookPlaces(this.size)) {
      const item = i === 0 ? this.get(0) : this.#itemAt(i);
      if (item === undefined) break;
      if (!Number.isInteger(item.target)) return this.#whole = false;
    }
    return this.#whole = true;
  }

  /** An item; undefined where items come only one after another, and this one didn't yet. */
  #itemAt(i: number): Item | undefined {
    if (this.access === "random") return this.get(i);
    try {
      return this.get(i);
    } catch {
      return undefined;
    }
  }

  #stack(items: readonly Item[], indices: ArrayLike<number>): Batch {
    const { input, target } = this.description;
    const name = (part: string) => (i: number) => `the ${part} of item ${indices[i]} of ${this.constructor.name}`;
    return {
      input: stack(items.map((item) => item.input), input, name("input")),
      target: stack(items.map((item) => item.target), target, name("target")),
      size: items.length,
      index: Uint32Array.from(items, (_, i) => indices[i]!),
    };
  }

  /** @throws {RangeError} a number among them that is no item's */
  protected checkIndices(indices: ArrayLike<number>): void {
    const { size } = this;
    for (let n = 0; n < indices.length; n++) {
      const i = indices[n]!;
      if (!(Number.isInteger(i) && i >= 0 && i < size)) this.checkIndex(i);
    }
  }

  /** @throws {RangeError} a number that is no item's */
  protected checkIndex(i: number): void {
    if (Number.isInteger(i) && i >= 0 && i < this.size) return;
    const range = this.size === 0 ? "it has none; check its options" : `take a whole number from 0 to ${this.size - 1}`;
    throw new RangeError(`Cannot get item ${i} of ${this.constructor.name}: it has ${this.size} items; ${range}`);
  }
}

function checkPart(dataset: Dataset, part: string, fits: boolean, found: unknown): void {
  if (fits) return;
  const what = (found as object | undefined)?.constructor?.name ?? typeof found;
  const numbers = part === "target" ? "a number or an NDArray" : 'an NDArray, as new NDArray("float32", [2], [0.5, 1])';
  throw new TypeError(`Cannot use ${dataset.constructor.name}: the ${part} of item 0 is of ${what}; give ${numbers}`);
}

import { z } from "zod";
import { Random } from "../module/random.ts";
import type { Access, GivenItem, Item } from "./batch.ts";
import { functionOf, heldOption, holdFunction, holdObject } from "./algebra/held_function.ts";
import { digestOfItems } from "./digest.ts";
import { looks } from "./look_places.ts";
import { checkItem, StreamDataset } from "./streams/stream_dataset.ts";
import { type Begin, StreamReader } from "./streams/stream_reader.ts";

/** What a source is told when it is begun. */
export interface Round {
  /** How often it was begun before. */
  readonly round: number;
  /** Random numbers of its own: the same whenever this round is begun. */
  readonly random: Random;
}

/** Something to go through, or what makes it. */
export type Source =
  | Iterable<GivenItem>
  | AsyncIterable<GivenItem>
  | Begin<Round>;

const schema = z.strictObject({
  /** What makes the items; a class of your own overrides the method `open` instead. */
  source: heldOption<Source>("a generator function, or something to iterate over", heldSource).optional(),
  /** Whether a pass goes on where the last one ended; else each pass begins the source, and ends with it. */
  endless: z.boolean().default(false),
  /** How many classes the targets are of, where each is a whole number. */
  classes: z.int().positive().optional(),
});

/**
 * Items of a generator, or of anything that one can iterate over: one after another, without a size. A pass begins the
 * source and lasts until it ends, or, with `endless`, goes on where the last one was for as many items as the
 * DataLoader's `limit` says; a source that ends is then begun again.
 *
 * An experiment that goes on in the middle begins the source again and passes over the items that were used: it must
 * give the same ones. What is random in it, it draws from the Random that it is given.
 *
 * @example
 * ```ts
 * import { DataLoader, IterableDataset, NDArray } from "ptutils";
 * const dataset = await IterableDataset.configure({
 *   source: function* ({ random }) {
 *     for (;;) {
 *       const x = random.normal();
 *       yield { input: new NDArray("float32", [1], [x]), target: x > 0 ? 1 : 0 };
 *     }
 *   },
 *   endless: true,
 *   classes: 2,
 * });
 * let items = 0;
 * for await (const { size } of new DataLoader({ batchSize: 32, limit: 100 }).iterate(dataset)) items += size;
 * if (items !== 100) throw new Error("unexpected");
 * ```
 */
export class IterableDataset extends StreamDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = {
    generator: "source",
    iterable: "source",
    observable: "new ObservableDataset({ source })",
  };
  random: Random = new Random();
  readonly #source = this.options.source && functionOf(this.options.source) as Begin<Round>;
  #first: readonly Item[] = [];
  readonly #reader = new StreamReader({
    begin: (round) => this.open({ round, random: this.random.fork(round) }),
    check: (item, i) => checkItem(this, item, i),
    name: this.constructor.name,
    endless: this.options.endless,
    key: () => this.random.key,
  });

  /** Begins the source. @throws {TypeError} neither overridden nor given as an option */
  open(round: Round): ReturnType<Begin<Round>> {
    if (this.#source !== undefined) return this.#source(round);
    throw new TypeError(
      `Cannot begin ${this.constructor.name}: it has no source; give it as an option, or override open`,
    );
  }

  /** Looks at the first items. */
  override async prepare(): Promise<void> {
    if (this.#first.length > 0) return;
    const [first] = await this.#reader.peek(1);
    if (first === undefined) throw new RangeError(`Cannot use ${this.constructor.name}: its source gave no item`);
    const alone = typeof first.target !== "number" || this.options.classes !== undefined;
    this.#first = alone ? [first] : await this.#reader.peek(looks);
  }

  /** Ends what its source is in the middle of. */
  override letGo(): void {
    this.#reader.close().catch((error) =>
      this.status.warn(`its source failed when it was ended: ${error?.message ?? error}`)
    );
  }

  override get access(): Access {
    return this.options.endless ? "endless" : "forward";
  }

  override items(indices: ArrayLike<number>, pass = 0): Promise<Item[]> {
    return this.#reader.read(indices, this.options.endless ? 0 : pass);
  }

  protected override get first(): readonly Item[] {
    return this.#first;
  }
}

function heldSource(input: unknown) {
  if (typeof input === "function") return holdFunction(input as Begin<Round>);
  if (typeof input !== "object" || input === null) return undefined;
  if (!(Symbol.asyncIterator in input) && !(Symbol.iterator in input)) return undefined;
  const text = Array.isArray(input) ? `items ${digestOfItems(input)}` : `iterable ${input.constructor?.name}`;
  return holdObject(input, text);
}

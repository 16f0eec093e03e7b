import { z } from "zod";
import { Random } from "../../module/random.ts";
import { slot } from "../../module/slot.ts";
import { needsSize } from "./needs_size.ts";
import { Sampler } from "../sampler.ts";
import { samplers } from "../samplers.ts";
import { ViewDataset } from "./view_dataset.ts";
import { source } from "./wrapped_dataset.ts";

const schema = z.strictObject({
  ...source,
  /** Which items a pass has, and in which order; else they are drawn at random. */
  sampler: slot(Sampler, samplers).optional(),
  /** How many items are drawn; as many as there are if left out. */
  count: z.int().positive().optional(),
  /** Whether an item may be drawn more than once in a pass. */
  replacement: z.boolean().default(true),
}).refine(({ sampler, count }) => sampler === undefined || count === undefined, {
  path: ["count"],
  message: "a sampler says by itself how many items there are; leave out one of the two",
});

/**
 * Items drawn anew in each pass from a data set, with replacement (a bootstrap sample) or without, or as a sampler
 * says. What is drawn follows from the seed, the path and the pass alone.
 *
 * @example
 * ```ts
 * import { Digits, ResampleDataset } from "ptutils";
 * const bootstrap = new ResampleDataset({ dataset: new Digits(), count: 500 });
 * if (bootstrap.size !== 500 || bootstrap(3).target !== bootstrap(3).target) throw new Error("unexpected");
 * ```
 */
export class ResampleDataset extends ViewDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = {
    seed: 'no seed: its random numbers follow from the experiment\'s; alone, dataset.random.seed(7, "")',
    size: "count",
    indices: "new SubsetDataset({ dataset, indices })",
  };
  random: Random = new Random();
  declare sampler?: Sampler;
  #drawn: { key: string; order: Uint32Array } | undefined;

  constructor(options: z.input<typeof schema>) {
    super(options);
    if (this.options.sampler !== undefined) this.sampler = this.options.sampler.build();
  }

  /** @throws {RangeError} more items without replacement than there are */
  override async prepare(): Promise<void> {
    await super.prepare();
    this.#orderOf(0);
  }

  override get size(): number {
    return this.options.count ?? (this.sampler !== undefined ? this.#orderOf(0).length : this.dataset.size);
  }

  protected override route(pass: number): (i: number) => number {
    const order = this.#orderOf(pass);
    return (i) => order[i]!;
  }

  #orderOf(pass: number): Uint32Array {
    const { size } = needsSize(this, this.dataset), key = `${this.random.key} ${pass} ${size}`;
    // A sampler may change on its own: it is asked again in each pass only.
    if (this.#drawn?.key !== key) this.#drawn = { key, order: this.#draw(size, pass) };
    return this.#drawn.order;
  }

  #draw(size: number, pass: number): Uint32Array {
    if (this.sampler !== undefined) return this.sampler.order(size, pass);
    const { count = size, replacement } = this.options, random = this.random.fork(pass);
    if (count > size && !replacement || (size === 0 && count > 0)) {
      throw new RangeError(
        `Cannot draw ${count} items for ${this.constructor.name}: ${this.dataset.constructor.name} has ${size}; make count smaller, or set replacement`,
      );
    }
    if (!replacement) return random.permutation(size).subarray(0, count);
    return Uint32Array.from({ length: count }, () => random.below(size));
  }
}

import { z } from "zod";
import { Random } from "../../module/random.ts";
import { needsSize } from "./needs_size.ts";
import { ViewDataset } from "./view_dataset.ts";
import { source } from "./wrapped_dataset.ts";

/** Of how many passes the order is kept, where they are gone through side by side; and how many numbers: 16 MiB. */
const mostOrders = 64, mostNumbers = 2 ** 22;

const schema = z.strictObject({
  ...source,
  /** Whether each pass has an order of its own; else all have the first one's. */
  eachPass: z.boolean().default(true),
});

/**
 * The items of a data set in random order, which follows from the seed, the path and the pass alone. A DataProvider
 * shuffles by itself: this is for what is mixed, batched or cut afterwards.
 *
 * @example
 * ```ts
 * import { Digits, ShuffleDataset } from "ptutils";
 * const shuffled = new ShuffleDataset({ dataset: new Digits() });
 * if (shuffled.size !== 1442 || shuffled(0, 1).input.equals(shuffled(0, 2).input)) throw new Error("unexpected");
 * ```
 */
export class ShuffleDataset extends ViewDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = {
    seed: 'no seed: its random numbers follow from the experiment\'s; alone, dataset.random.seed(7, "")',
  };
  random: Random = new Random();
  /** Orders by what they follow from; those used last at the end. */
  readonly #orders = new Map<string, Uint32Array>();

  override async prepare(): Promise<void> {
    await super.prepare();
    needsSize(this, this.dataset);
  }

  override get size(): number {
    return this.dataset.size;
  }

  protected override route(pass: number): (i: number) => number {
    const order = this.#orderOf(this.options.eachPass ? pass : 0);
    return (i) => order[i]!;
  }

  #orderOf(pass: number): Uint32Array {
    const { size } = needsSize(this, this.dataset), key = `${this.random.key} ${pass} ${size}`;
    const order = this.#orders.get(key) ?? this.random.fork(pass).permutation(size);
    this.#orders.delete(key);
    this.#orders.set(key, order);
    const most = Math.max(1, Math.min(mostOrders, Math.floor(mostNumbers / size)));
    while (this.#orders.size > most) this.#orders.delete(this.#orders.keys().next().value!);
    return order;
  }
}

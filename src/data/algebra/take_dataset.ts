import { z } from "zod";
import { ViewDataset } from "./view_dataset.ts";
import { source } from "./wrapped_dataset.ts";

const schema = z.strictObject({
  ...source,
  /** How many items; all that there are after `skip` if it is left out, or if there are fewer. */
  count: z.int().nonnegative().optional(),
  /** How many items are passed over before. */
  skip: z.int().nonnegative().default(0),
});

/**
 * The first items of a data set, or those after the first ones. Of a source without an end it makes a data set of a
 * known size, which begins anew in each pass.
 *
 * @example
 * ```ts
 * import { Digits, TakeDataset } from "ptutils";
 * const few = new TakeDataset({ dataset: new Digits(), count: 10, skip: 5 });
 * if (few.size !== 10 || few(0).target !== new Digits()(5).target) throw new Error("unexpected");
 * ```
 */
export class TakeDataset extends ViewDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = { n: "count", size: "count" };

  override get size(): number {
    const { count = Infinity, skip } = this.options;
    return Math.min(count, Math.max(0, this.dataset.size - skip));
  }

  protected override route(): (i: number) => number {
    const { skip } = this.options;
    return (i) => i + skip;
  }
}

import { z } from "zod";
import { type Part, slot } from "../../module/slot.ts";
import type { Access, Description } from "../batch.ts";
import { accessOver } from "./access_over.ts";
import { Dataset } from "../dataset.ts";
import { digestOver } from "./digest_over.ts";

/** The option of a data set that is made of another one. */
export const source: { dataset: ReturnType<typeof slot<Dataset>> } = {
  /** The data set that it is made of. */
  dataset: slot(Dataset),
};

// deno-lint-ignore no-explicit-any -- whatever the options of the class that this is called on are
type Options<C> = C extends new (options: infer O) => any ? Omit<NonNullable<O>, "dataset"> : never;

/** A data set that is made of another one, its child `dataset`: access, description and digest follow from that. */
export abstract class WrappedDataset<S extends z.ZodObject = z.ZodObject> extends Dataset<S> {
  dataset: Dataset = (this.options as unknown as { dataset: Part<Dataset> }).dataset.build();

  /** What makes such a data set of another one, for `pipe`. */
  // deno-lint-ignore no-explicit-any -- only so can a class of any options stand here
  static over<C extends new (options: any) => WrappedDataset>(
    this: C,
    options: Partial<Options<C>> = {},
  ): (dataset: Dataset) => InstanceType<C> {
    return (dataset) => new this({ ...options, dataset }) as InstanceType<C>;
  }

  /** Makes ready what it is made of. */
  override async prepare(): Promise<void> {
    await this.dataset.prepare();
  }

  override get access(): Access {
    return accessOver([this.dataset], this.size);
  }

  override get description(): Description {
    return this.dataset.description;
  }

  /** Of what it is made of, and of how. */
  override digest(): string | Promise<string> {
    return digestOver(this, [this.dataset]);
  }
}

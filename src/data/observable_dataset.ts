import { isObservable, type Observable, type Subscription } from "rxjs";
import { z } from "zod";
import type { Access, GivenItem, Item } from "./batch.ts";
import { functionOf, heldOption, holdFunction, holdObject } from "./algebra/held_function.ts";
import { LiveBuffer, whenFull } from "./streams/live_buffer.ts";
import { checkItem, StreamDataset } from "./streams/stream_dataset.ts";

const schema = z.strictObject({
  /** What gives the items, or a function that makes it. */
  source: heldOption<Observable<GivenItem> | (() => Observable<GivenItem>)>("an Observable of items", heldSource),
  /** How many items may wait to be trained on. */
  buffer: z.int().positive().default(1024),
  /**
   * What becomes of an item that comes when so many wait, for nobody can ask an Observable to wait: the oldest one is
   * dropped, or the new one, or it is an error.
   */
  whenFull: z.enum(whenFull).default("dropOldest"),
  /** How many classes the targets are of, where each is a whole number. */
  classes: z.int().positive().optional(),
});

/**
 * Items of an Observable as they come to be, each once: a live source. It is subscribed to when it is made ready, which
 * waits for the first item; from then on items wait in a bounded buffer. A pass has as many as the DataLoader's `limit`
 * says, or fewer where the source completes.
 *
 * What was there can't come again: an experiment that goes on from a checkpoint goes on with what comes then. Status
 * says so, and says when items were dropped.
 *
 * @example
 * ```ts
 * import { interval, map } from "rxjs";
 * import { DataLoader, NDArray, ObservableDataset } from "ptutils";
 * const dataset = await ObservableDataset.configure({
 *   source: interval(1).pipe(map((i) => ({ input: new NDArray("float32", [1], [i]), target: i % 2 }))),
 *   classes: 2,
 * });
 * for await (const batch of new DataLoader({ batchSize: 5, limit: 10 }).iterate(dataset)) {
 *   if (batch.size !== 5) throw new Error("unexpected");
 * }
 * dataset.close();
 * ```
 */
export class ObservableDataset extends StreamDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = { observable: "source", stream: "source" };
  readonly #buffer = new LiveBuffer(this.options, (dropped) =>
    this.#warn(
      `${this.constructor.name} has dropped ${dropped} item${
        dropped === 1 ? "" : "s"
      } (${this.options.whenFull}): they come faster than they are used; make buffer larger, or the source slower`,
    ));
  #subscription: Subscription | undefined;
  #first: readonly Item[] = [];
  #given = 0;

  /** Subscribes, and waits for the first item. @throws {RangeError} a source that completes without one */
  override async prepare(): Promise<void> {
    if (this.#subscription !== undefined) return;
    const source: unknown = (functionOf(this.options.source) as () => unknown)();
    if (!isObservable(source)) {
      throw new TypeError(
        `Cannot use ${this.constructor.name}: its function makes no Observable; take an IterableDataset for a generator`,
      );
    }
    this.#subscription = source.subscribe(this.#buffer);
    const first = await this.#buffer.peek();
    if (first === undefined) throw new RangeError(`Cannot use ${this.constructor.name}: its source gave no item`);
    this.#first = [checkItem(this, first, 0)];
  }

  /** Ends the subscription; what waits can still be had. */
  close(): void {
    this.#subscription?.unsubscribe();
    this.#buffer.complete();
  }

  override get access(): Access {
    return "live";
  }

  /** The items that come next, whatever their numbers; fewer where the source completed. */
  override async items(indices: ArrayLike<number>): Promise<Item[]> {
    if (indices.length > 0 && indices[0]! > this.#given) {
      this.#warn(
        `${this.constructor.name} goes on with the items that come now: it is a live source, the ${
          indices[0]! - this.#given
        } that were used before can't be passed over, so that a run that goes on differs from one that was not stopped`,
      );
      this.#given = indices[0]!;
    }
    const items = await this.#buffer.take(indices.length);
    return items.map((item) => checkItem(this, item, this.#given++));
  }

  protected override get first(): readonly Item[] {
    return this.#first;
  }

  #warn(message: string): void {
    if (this.status.warn(message)) this.emit("warning", { message });
  }
}

/** All Observables have the same text; which one it is nobody can tell by a configuration. */
function heldSource(input: unknown) {
  if (isObservable(input)) return holdObject(input, "Observable");
  return typeof input === "function" ? holdFunction(input as () => Observable<GivenItem>) : undefined;
}

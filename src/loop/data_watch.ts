import { Mixture } from "../data/algebra/mixture.ts";
import { DataLoader } from "../data/data_loader.ts";
import type { DataProvider } from "../data/data_provider.ts";
import { type Change, Tracker } from "../module/tracker.ts";

/**
 * Sees what is assigned among the data while they are iterated over. An iteration that goes on has its order, and what
 * it fetched, from before: it is begun again, as it would be where a run goes on from a checkpoint, so that both give
 * the same.
 */
export class DataWatch {
  readonly #provider: DataProvider;
  readonly #tracker: Tracker;

  constructor(provider: DataProvider) {
    this.#provider = provider;
    this.#tracker = new Tracker(provider);
  }

  /**
   * Whether an iteration is to be begun again for what was assigned since the last look. What took another's place is
   * made ready.
   *
   * @param resumable whether the iteration goes on at a place that is state
   * @throws {RangeError} data that can't be trained on now
   */
  look(resumable: boolean): boolean | Promise<boolean> {
    const changes = this.#tracker.look();
    if (changes.length === 0) return false;
    if (changes.some(({ trigger }) => trigger === "module_replaced")) return this.#renew();
    return !resumable || !changes.every(isReadLive);
  }

  async #renew(): Promise<true> {
    await this.#provider.prepare();
    const faults = this.#provider.check();
    if (faults.length > 0) throw new RangeError(`Cannot go on training: ${faults.join("; ")}`);
    return true;
  }
}

/** Whether a change is one of a field that is read at each batch. */
const isReadLive = ({ module }: Change): boolean => module instanceof DataLoader || module instanceof Mixture;

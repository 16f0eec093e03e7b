import { Mixture } from "../data/algebra/mixture.ts";
import { DataLoader } from "../data/data_loader.ts";
import { DataProvider } from "../data/data_provider.ts";
import { takePlace } from "../data/loading/take_place.ts";
import { encodeClass } from "../module/encode_class.ts";
import { type Change, Tracker } from "../module/tracker.ts";

/**
 * Sees what is assigned among the data while they are iterated over, and in their provider's place. An iteration that
 * goes on has its order, and what it fetched, from before: it is begun again, as it would be where a run goes on from a
 * checkpoint, so that both give the same.
 */
export class DataWatch {
  readonly #standing: () => unknown;
  #provider: DataProvider;
  #tracker: Tracker;
  #replaced = false;

  /** @param standing what stands in the provider's place now */
  constructor(standing: () => DataProvider) {
    this.#standing = standing;
    this.#provider = standing();
    this.#tracker = new Tracker(this.#provider);
  }

  /** For a provider that stays; none if it has a data set at two places, which is no tree: a Trainer alone takes it. */
  static over(provider: DataProvider): DataWatch | undefined {
    try {
      return new DataWatch(() => provider);
    } catch {
      return undefined;
    }
  }

  /**
   * The provider that is there now. One that took another's place, and has not begun, goes on where that one was: this
   * is to be called before a state is taken.
   *
   * @throws {TypeError} something else stands there
   */
  follow(): DataProvider {
    const now = this.#standing();
    if (now === this.#provider) return this.#provider;
    if (!(now instanceof DataProvider)) throw noProvider(now);
    takePlace(now.dataLoader, this.#provider.dataLoader);
    this.#provider = now;
    this.#tracker = new Tracker(now);
    this.#replaced = true;
    return now;
  }

  /**
   * Whether an iteration is to be begun again for what was assigned since the last look. What took another's place is
   * made ready.
   *
   * @param resumable whether the iteration goes on at a place that is state
   * @throws {RangeError} data that can't be trained on now
   */
  look(resumable: boolean): boolean | Promise<boolean> {
    this.follow();
    const changes = this.#tracker.look();
    if (this.#replaced || changes.some(({ trigger }) => trigger === "module_replaced")) return this.#renew();
    return changes.length > 0 && (!resumable || !changes.every(isReadLive));
  }

  async #renew(): Promise<true> {
    this.#replaced = false;
    await this.#provider.prepare();
    const faults = this.#provider.check();
    if (faults.length > 0) throw new RangeError(`Cannot go on training: ${faults.join("; ")}`);
    return true;
  }
}

/** Whether a change is one of a field that is read at each batch. */
const isReadLive = ({ module }: Change): boolean => module instanceof DataLoader || module instanceof Mixture;

const noProvider = (found: unknown): TypeError =>
  new TypeError(
    `Cannot go on training: where the data provider was is now ${encodeClass(found)}; assign a DataProvider`,
  );

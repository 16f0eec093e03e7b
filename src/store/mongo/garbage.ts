import { isDuplicate, type MongoConnection } from "./connection.ts";
import type { MongoContent, Part } from "./content.ts";

/** Says that a part may be garbage: it was being written, or taken away, and that may not have been finished. */
interface Doubt {
  _id: string;
  grid: boolean;
  since: Date;
}

const minimumAge = 24 * 3600_000;

/**
 * Keeps book of the parts that are being written or deleted, so that those of killed processes are found again without
 * looking through all there is.
 */
export class MongoGarbage {
  readonly #connection: MongoConnection;
  readonly #content: MongoContent;

  constructor(connection: MongoConnection, content: MongoContent) {
    this.#connection = connection;
    this.#content = content;
  }

  /** Before parts are written, or lose their last reference. */
  async doubt(parts: readonly Part[]): Promise<void> {
    if (parts.length === 0) return;
    const since = new Date();
    const doubts = parts.map(({ id, grid = false }) => ({ _id: id, grid, since }));
    await this.#connection.use(async ({ db }) => {
      try {
        await db.collection<Doubt>("garbage").insertMany(doubts, { ordered: false });
      } catch (error) {
        if (!isDuplicate(error)) throw error; // somebody else doubts them too
      }
    });
  }

  /** They are in use. */
  async keep(parts: readonly Part[]): Promise<void> {
    if (parts.length === 0) return;
    await this.#connection.use(({ db }) =>
      db.collection<Doubt>("garbage").deleteMany({ _id: { $in: parts.map(({ id }) => id) } })
    );
  }

  /** They are not; deletes them. */
  async discard(parts: readonly Part[]): Promise<void> {
    await this.#content.remove(parts);
    await this.keep(parts);
  }

  /**
   * Deletes what killed processes left.
   *
   * @param used finds the ids of the parts that some file refers to
   * @param age milliseconds during which a part is left alone: somebody may be writing it
   */
  async sweep(used: () => Promise<ReadonlySet<string>>, age = minimumAge): Promise<number> {
    const before = new Date(Date.now() - age);
    const doubts = await this.#connection.use(({ db }) =>
      db.collection<Doubt>("garbage").find({ since: { $lte: before } }).toArray()
    );
    if (doubts.length === 0) return 0;
    const ids = await used();
    const parts = doubts.map(({ _id, grid }): Part => ({ id: _id, grid }));
    await this.keep(parts.filter(({ id }) => ids.has(id)));
    const gone = parts.filter(({ id }) => !ids.has(id));
    await this.discard(gone);
    return gone.length;
  }
}

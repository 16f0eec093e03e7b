import { clearInterval, setInterval } from "node:timers";
import type { Lock } from "../lock.ts";
import type { MongoConnection } from "./connection.ts";
import type { LeaseDocument } from "./locks.ts";

/**
 * A lock in the database, held as long as it is renewed. When that didn't work for too long, another process may have
 * taken it over: then {@linkcode Lease.check} fails, and goes on failing.
 */
export class Lease implements Lock {
  readonly token: string;
  readonly #connection: MongoConnection;
  readonly #document: LeaseDocument;
  readonly #duration: number;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #onRelease: (() => void)[];
  /** When it was last known to be held. */
  #known = performance.now();
  #lost = false;
  #released = false;
  #renewing: Promise<void> | undefined;

  /**
   * @param duration milliseconds for which it is held without being renewed
   * @param ended does what a release takes
   */
  constructor(connection: MongoConnection, document: LeaseDocument, duration: number, ended: () => void) {
    this.#connection = connection;
    this.#document = document;
    this.#duration = duration;
    this.#onRelease = [ended];
    this.token = document.token;
    this.#timer = setInterval(() => void this.#renew().catch(() => {}), duration / 4).unref();
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    clearInterval(this.#timer);
    for (const ended of this.#onRelease) ended();
  }

  /** Adds to what happens when it is released. */
  onRelease(ended: () => void): void {
    this.#onRelease.push(ended);
  }

  /** Makes sure that it is still held. @throws {Error} another process has taken it over */
  async check(): Promise<void> {
    if (!this.#lost && performance.now() - this.#known > this.#duration / 2) await this.#renew();
    if (!this.#lost) return;
    throw new Error(
      `Cannot write to ${this.#document.holder.what}: its lock was lost, for it could not be renewed for ` +
        `${
          this.#duration / 1000
        } s and another process has taken it over; what was saved before that is kept: open it again`,
    );
  }

  #renew(): Promise<void> {
    return this.#renewing ??= this.#tellAlive().finally(() => this.#renewing = undefined);
  }

  async #tellAlive(): Promise<void> {
    const { _id, path, generation, token } = this.#document;
    const started = performance.now();
    const held = await this.#connection.use(async ({ db }) => {
      const leases = db.collection<LeaseDocument>("locks");
      const { matchedCount } = await leases.updateOne({ _id, token }, { $currentDate: { beat: true } });
      if (matchedCount === 0) return false;
      const others = await leases.find({ path }).toArray();
      return !others.some((other) => other.generation !== undefined && other.generation > (generation ?? Infinity));
    }, { counts: false });
    if (held) this.#known = started;
    else if (!this.#released) this.#lost = true;
  }
}

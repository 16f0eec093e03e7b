import { randomUUID } from "node:crypto";
import { type Holder, type LockOptions, thisHolder, waitForLock } from "../lock.ts";
import { type Connected, isDuplicate, type MongoConnection } from "./connection.ts";
import { Lease } from "./lease.ts";
import { hasEnded, type ProcessMark, thisProcess } from "../disk/process_mark.ts";

/** Somebody who holds a lock, or the last one who did. */
export interface LeaseDocument {
  /** `<path>#<generation>`, so that only one can be the next; of those who share `<path>@<token>`. */
  _id: string;
  path: string;
  /** Grows with each holder; those who share have none. */
  generation?: number;
  token: string;
  /** The last sign of life, by the server's clock. */
  beat: Date;
  free: boolean;
  holder: Holder;
  process?: ProcessMark;
}

/** Milliseconds between two tries, at most. */
const longestPause = 250;
/** Milliseconds after each try to free a lock. */
const pauses = [50, 250, 1000];

/**
 * Locks by lease: documents that their holders renew. One that wasn't renewed for its duration, or whose process is
 * known to have ended, may be taken over. Only that two documents can't have the same `_id` is relied on.
 */
export class MongoLocks {
  readonly #connection: MongoConnection;
  readonly #duration: number;
  readonly #releasing = new Map<string, Promise<void>>();
  readonly #process = thisProcess();
  #indexed = false;

  /** @param duration milliseconds after which a lock that isn't renewed may be taken over */
  constructor(connection: MongoConnection, duration: number) {
    this.#connection = connection;
    this.#duration = duration;
  }

  /**
   * @param options without a `wait`, one that seems to have died is waited for until its lease ends
   * @throws {Deno.errors.Busy} another holds it: the message names it
   */
  async lock(path: string, options: LockOptions): Promise<Lease> {
    await this.#releasing.get(path);
    const found: Found = {};
    try {
      await this.#wait(path, options, found);
    } catch (error) {
      if (options.wait !== undefined || !(error instanceof Deno.errors.Busy) || !await this.#isSilent(found.holder)) {
        throw error;
      }
      await this.#wait(path, { ...options, wait: this.#duration }, found);
    }
    return this.#hold(found.own!);
  }

  async #wait(path: string, options: LockOptions, found: Found): Promise<void> {
    let tries = 0;
    const attempt = async () => {
      if (tries++ > 0) await pause(Math.min(tries * 20, longestPause) * Math.random());
      const result = await this.#try(path, options);
      if ("taken" in result) found.own = result.taken;
      else found.holder = result.by ?? found.holder;
      return found.own !== undefined;
    };
    await waitForLock(attempt, () => Promise.resolve(found.holder?.holder), options);
  }

  /** Whether a holder should have given a sign of life since its last. */
  async #isSilent(holder: LeaseDocument | undefined): Promise<boolean> {
    if (holder === undefined) return false;
    const now = await this.#connection.use(({ db }) => serverTime(db));
    return now.getTime() - holder.beat.getTime() > this.#duration / 2;
  }

  /** Waits until all that was released is known to the server. */
  async settle(): Promise<void> {
    await Promise.all(this.#releasing.values());
  }

  #hold(document: LeaseDocument): Lease {
    const letGo = this.#connection.hold();
    return new Lease(this.#connection, document, this.#duration, () => void this.#release(document).finally(letGo));
  }

  /** Frees a lock in the background; when the server can't be reached for long, it frees itself. */
  #release(document: LeaseDocument): Promise<void> {
    const { path } = document;
    const before = this.#releasing.get(path) ?? Promise.resolve();
    const done: Promise<void> = before.then(() => this.#freeAtLast(document)).finally(() => {
      if (this.#releasing.get(path) === done) this.#releasing.delete(path);
    });
    this.#releasing.set(path, done);
    return done;
  }

  async #freeAtLast(document: LeaseDocument): Promise<void> {
    for (const milliseconds of pauses) {
      if (await this.#free(document).then(() => true, () => false)) return;
      await pause(milliseconds);
    }
  }

  /** Of the last exclusive holder something stays: generations only grow. */
  async #free({ _id, token, generation }: LeaseDocument): Promise<void> {
    await this.#connection.use(async ({ db }) => {
      if (generation === undefined) await leases(db).deleteOne({ _id, token });
      else await leases(db).updateOne({ _id, token }, { $set: { free: true } });
    });
  }

  async #try(path: string, options: LockOptions): Promise<Attempt> {
    const own: LeaseDocument = {
      _id: "",
      path,
      token: randomUUID(),
      beat: new Date(),
      free: false,
      holder: thisHolder(options.what),
      process: this.#process,
    };
    try {
      return await this.#connection.use(({ db }) => options.shared ? this.#share(db, own) : this.#take(db, own));
    } catch (error) {
      if (own._id !== "") void this.#release(own); // nobody knows whether the server heard it
      throw error;
    }
  }

  async #share(db: Db, own: LeaseDocument): Promise<Attempt> {
    await this.#insert(db, own);
    const holder = (await this.#alive(db, own.path)).find(({ generation }) => generation !== undefined);
    if (holder === undefined) return { taken: own };
    await leases(db).deleteOne({ _id: own._id });
    return { by: holder };
  }

  async #take(db: Db, own: LeaseDocument): Promise<Attempt> {
    const known = await leases(db).find({ path: own.path }).toArray();
    const holder = (await this.#alive(db, own.path, known))[0];
    if (holder !== undefined) return { by: holder };
    const last = Math.max(0, ...known.map(({ generation = 0 }) => generation));
    if (!await this.#insert(db, own, last + 1)) return { by: undefined };
    const now = await leases(db).find({ path: own.path }).toArray();
    const later = now.find(({ generation = 0 }) => generation > last + 1);
    const sharing = (await this.#alive(db, own.path, now)).find(({ generation }) => generation === undefined);
    if (later !== undefined || sharing !== undefined) {
      await this.#free(own);
      return { by: later ?? sharing };
    }
    for (const { _id } of now) if (_id !== own._id) await leases(db).deleteOne({ _id });
    return { taken: own };
  }

  /** False when somebody else was a moment earlier. */
  async #insert(db: Db, own: LeaseDocument, generation?: number): Promise<boolean> {
    await this.#index(db);
    own.beat = await serverTime(db);
    own._id = generation === undefined ? `${own.path}@${own.token}` : `${own.path}#${generation}`;
    if (generation !== undefined) own.generation = generation;
    try {
      await leases(db).insertOne(own);
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  /** Those who hold a lock, or are about to. */
  async #alive(db: Db, path: string, known?: LeaseDocument[]): Promise<LeaseDocument[]> {
    const held = (known ?? await leases(db).find({ path }).toArray()).filter(({ free }) => !free);
    if (held.length === 0) return [];
    const now = (await serverTime(db)).getTime();
    return held.filter(({ beat, process }) => now - beat.getTime() < this.#duration && !hasEnded(process));
  }

  async #index(db: Db): Promise<void> {
    if (this.#indexed) return;
    await leases(db).createIndex({ path: 1 });
    this.#indexed = true;
  }
}

type Db = Connected["db"];
/** What a wait for a lock has found out. */
interface Found {
  own?: LeaseDocument;
  holder?: LeaseDocument;
}

type Attempt = { taken: LeaseDocument } | { by: LeaseDocument | undefined };

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const leases = (db: Db) => db.collection<LeaseDocument>("locks");

const serverTime = async (db: Db): Promise<Date> => (await db.command({ hello: 1 })).localTime as Date;

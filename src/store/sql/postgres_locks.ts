import { type Holder, type Lock, type LockOptions, thisHolder, waitForLock } from "../lock.ts";
import type { Work } from "./engine.ts";
import { LockConnection } from "./lock_connection.ts";
import { isPassing } from "./postgres_error.ts";

/** A lock that this process holds. */
interface Held {
  path: string;
  shared: boolean;
  holder: Holder;
  /** How often the lock had been taken alone when this was taken: undefined until it is. */
  token?: number;
  /** The connection that holds it on the server. */
  connection?: number;
  /** Why it holds no more. */
  lost?: Error;
}

/**
 * Session advisory locks on a connection of their own: the server releases them when the process dies or is cut off.
 * Each lock has a token that grows whenever somebody takes it alone; every transaction looks whether the tokens of the
 * locks under which it writes are still the same, so that a process which was cut off can't write any more into what
 * another has taken over.
 */
export class PostgresLocks {
  readonly #connection: LockConnection;
  readonly #held = new Set<Held>();
  readonly #wait: number;
  #recovering: Promise<void> | undefined;

  constructor(connection: LockConnection, wait: number) {
    this.#connection = connection;
    this.#wait = wait;
  }

  async lock(path: string, options: LockOptions): Promise<Lock> {
    const { what, shared = false } = options;
    const held: Held = { path, shared, holder: thisHolder(what) };
    const until = performance.now() + this.#wait;
    const attempt = () =>
      this.#attempt(held).catch((error) => {
        if (isPassing(error) === undefined || performance.now() > until) throw error;
        return false;
      });
    try {
      await waitForLock(attempt, () => this.#holderOf(held), options);
    } finally {
      if (this.#held.size === 0) this.#connection.rest();
    }
    return { release: () => this.#release(held) };
  }

  /**
   * Looks, within a transaction that is going to write to these paths, whether the locks are still held: that is the
   * locks of the paths, and all shared ones. Who takes one of them over waits for the transaction.
   *
   * @throws {Error} one was lost, and somebody else has taken it
   */
  async check(work: Work, paths: readonly string[]): Promise<void> {
    const guards = [...this.#held].filter((held) => held.token !== undefined && guardsOne(held, paths));
    if (guards.length === 0) return;
    if (guards.some((held) => held.connection !== this.#connection.number)) await this.#recover();
    const rows = await work.selectFrom("ptutils_locks").select(["path", "token", "holder"])
      .where("path", "in", [...new Set(guards.map(({ path }) => path))]).orderBy("path").forShare().execute();
    const found = new Map(rows.map((row) => [row.path, row]));
    for (const held of guards) {
      const row = found.get(held.path);
      if (row?.token !== held.token) held.lost ??= takenOver(held, parseHolder(row?.holder));
      if (held.lost !== undefined) throw held.lost;
    }
  }

  /** Lets go of the connection, unless locks are held: then when the last is released. */
  async close(): Promise<void> {
    if (this.#held.size === 0) await this.#connection.close();
  }

  async #attempt(held: Held): Promise<boolean> {
    if (this.#rival(held) !== undefined) return false;
    this.#held.add(held);
    try {
      if (await this.#take(held)) return true;
    } catch (error) {
      this.#held.delete(held);
      throw error;
    }
    this.#held.delete(held);
    return false;
  }

  async #take(held: Held): Promise<boolean> {
    const token = await this.#connection.take(held.path, held.shared, JSON.stringify(held.holder));
    if (token === undefined) return false;
    [held.token, held.connection] = [token, this.#connection.number];
    return true;
  }

  /** A holder within this process that keeps another out. */
  #rival({ path, shared }: Held): Held | undefined {
    return [...this.#held].find((other) => other.path === path && !(shared && other.shared));
  }

  async #holderOf(held: Held): Promise<Holder | undefined> {
    return this.#rival(held)?.holder ?? parseHolder(await this.#connection.holder(held.path));
  }

  #release(held: Held): void {
    if (!this.#held.delete(held) || held.connection !== this.#connection.number) return;
    this.#connection.unlock(held.path, held.shared);
    if (this.#held.size === 0) this.#connection.rest();
  }

  /** Takes the locks again that were lost with their connection; several that ask wait for one. */
  #recover(): Promise<void> {
    return this.#recovering ??= this.#takeAgain().finally(() => this.#recovering = undefined);
  }

  async #takeAgain(): Promise<void> {
    await this.#connection.endOthers();
    for (const held of this.#held) {
      if (held.token === undefined || held.lost !== undefined || held.connection === this.#connection.number) continue;
      const attempt = () => this.#connection.tryLock(held.path, held.shared);
      try {
        const options = { what: held.holder.what, wait: this.#wait };
        await waitForLock(attempt, async () => parseHolder(await this.#connection.holder(held.path)), options);
        held.connection = this.#connection.number;
      } catch (error) {
        if (!(error instanceof Deno.errors.Busy)) throw error;
        held.lost = takenOver(held, error.cause as Holder | undefined);
      }
    }
  }
}

/** A lock `locks/runs.a.lock` is on `runs/a` and all that is in it. Shared ones guard what is read, of any path. */
function guardsOne({ path, shared }: Held, paths: readonly string[]): boolean {
  if (shared) return true;
  const name = path.replace(/^locks\//, "").replace(/\.lock$/, "");
  return paths.some((one) => `${one.replaceAll("/", ".")}.`.startsWith(`${name}.`));
}

function parseHolder(json: string | undefined): Holder | undefined {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

function takenOver({ holder: { what } }: Held, by: Holder | undefined): Error {
  const who = by === undefined ? "somebody else" : `process ${by.pid}${by.host ? ` on ${by.host}` : ""}`;
  const since = by === undefined ? "" : ` at ${by.since}`;
  return new Error(
    `Cannot write to ${what}: its lock was lost with the connection to the server, and ${who} took it${since}; ` +
      `open it again when that has ended`,
  );
}

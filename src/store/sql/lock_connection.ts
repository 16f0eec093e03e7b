import { createHash, randomUUID } from "node:crypto";
import { clearTimeout, setTimeout } from "node:timers";
import { newClient, type PgClient, type PgSettings } from "./postgres_client.ts";
import { isLost } from "./postgres_error.ts";

/** Milliseconds after which a connection that holds no locks is ended. */
const idle = 5_000;

/** The connection that holds a process's locks. It keeps no process alive, except while it is asked something. */
export class LockConnection {
  /** Counts the connections: locks are held by one of them. */
  number = 0;
  readonly #settings: PgSettings;
  /** Tells the server's processes for this one from all others. */
  readonly #name = `ptutils-locks-${randomUUID()}`;
  readonly #table: string;
  #client: Promise<PgClient> | undefined;
  #asking = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(settings: PgSettings) {
    this.#settings = settings;
    this.#table = `"${settings.schema}".ptutils_locks`;
  }

  /** Takes a lock again; whether that worked. */
  async tryLock(path: string, shared: boolean): Promise<boolean> {
    clearTimeout(this.#rest);
    const [row] = await this.#ask(`select ${tryFor(shared)} as taken`, [this.#number(path)]);
    return row!.taken === true;
  }

  /**
   * Takes a lock: how often it has been taken alone, now included; undefined when somebody else has it. Alone, that is
   * one statement, so that nobody counts who has lost it already.
   */
  async take(path: string, shared: boolean, holder: string): Promise<number | undefined> {
    if (shared) return await this.#share(path);
    clearTimeout(this.#rest);
    const taken = `with taken as materialized (select ${tryFor(false)} as taken)`;
    const insert = `insert into ${this.#table} as lock (path, token, holder) select $2, 1, $3 from taken where taken`;
    const count = "on conflict (path) do update set token = lock.token + 1, holder = excluded.holder returning token";
    try {
      const [row] = await this.#ask(`${taken} ${insert} ${count}`, [this.#number(path), path, holder]);
      return row?.token as number | undefined;
    } catch (error) {
      if (isAnswer(error)) this.unlock(path, false); // it was taken, and then not counted
      throw error;
    }
  }

  /** Gives a lock free, in the background: when that fails, the connection is lost, and with it the lock. */
  unlock(path: string, shared: boolean): void {
    const unlock = `select pg_advisory_unlock${shared ? "_shared" : ""}($1)`;
    this.#ask(unlock, [this.#number(path)]).catch(() => {});
  }

  /** Who took a lock last, as JSON. */
  async holder(path: string): Promise<string | undefined> {
    const [row] = await this.#ask(`select holder from ${this.#table} where path = $1`, [path]);
    return row?.holder as string | undefined;
  }

  /** Ends what the server still has of earlier connections of this process: it may not know that they are lost. */
  async endOthers(): Promise<void> {
    const others = "select pg_terminate_backend(pid) from pg_stat_activity";
    await this.#ask(`${others} where application_name = $1 and pid <> pg_backend_pid()`, [this.#name]);
  }

  /** Ends the connection soon, unless it is used again. */
  rest(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.close().catch(() => {}), idle);
    this.#rest.unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.#rest);
    const client = this.#client;
    this.#client = undefined;
    this.number++;
    await (await client?.catch(() => undefined))?.end();
  }

  async #share(path: string): Promise<number | undefined> {
    if (!await this.tryLock(path, true)) return undefined;
    const { number } = this;
    const row = `insert into ${this.#table} (path, token, holder) values ($1, 0, '') on conflict do nothing`;
    const token = `select token from ${this.#table} where path = $1`;
    const [found] = await this.#ask(token, [path]);
    if (found === undefined) await this.#ask(row, [path]); // so that there is something to look at
    const [known] = found === undefined ? await this.#ask(token, [path]) : [found];
    return number === this.number ? known!.token as number : undefined; // it was lost with its connection
  }

  #number(path: string): string {
    return advisoryNumber(this.#settings.schema, path);
  }

  async #ask(text: string, values: readonly unknown[]): Promise<Record<string, unknown>[]> {
    const client = await (this.#client ??= this.#connect());
    if (this.#asking++ === 0) client.ref();
    try {
      return (await client.query({ text, values })).rows;
    } catch (error) {
      if (!isAnswer(error)) this.#forget(client); // a silent one, too
      throw error;
    } finally {
      if (--this.#asking === 0) client.unref();
    }
  }

  async #connect(): Promise<PgClient> {
    const number = ++this.number;
    const ended = () => {
      if (this.number !== number) return;
      this.#client = undefined;
      this.number++;
    };
    try {
      const client = newClient(this.#settings, this.#name);
      client.on("error", ended);
      client.on("end", ended);
      await client.connect();
      return client;
    } catch (error) {
      ended();
      throw error;
    }
  }

  #forget(client: PgClient): void {
    this.#client = undefined;
    this.number++;
    client.end().catch(() => {});
  }
}

const tryFor = (shared: boolean): string => `pg_try_advisory_lock${shared ? "_shared" : ""}($1)`;

/** Whether an error is what the server answered, on a connection that is in order. */
const isAnswer = (error: unknown): boolean => (error as { severity?: string }).severity !== undefined && !isLost(error);

/** The number of an advisory lock: 64 bits that follow from its name. */
export function advisoryNumber(schema: string, name: string): string {
  return createHash("sha256").update(`ptutils ${schema} ${name}`).digest().readBigInt64BE().toString();
}

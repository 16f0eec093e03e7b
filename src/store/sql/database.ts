import { setTimeout } from "node:timers/promises";
import type { Engine, Sql, Work } from "./engine.ts";
import { lookAtTables, migrate } from "./migrations.ts";

const pause = { shortest: 5, longest: 250 };

/** How something is written. */
export interface WriteOptions {
  /** What it is about, for errors: `write "runs/a/run.json"`. */
  what: string;
  /** The paths that are written to: the locks on them must still be held. */
  paths?: readonly string[];
  /** Whether the commit waits for the disk (it does). */
  durable?: boolean;
  /** Doing it twice is not the same as once: when it can't be known whether it was done, that is an error. */
  once?: boolean;
}

/** A database with a store's tables, which are made by the first write. */
export class Database {
  readonly engine: Engine;
  readonly #schema: string | undefined;
  #ready = false;

  constructor(engine: Engine, schema?: string) {
    this.engine = engine;
    this.#schema = schema;
  }

  /** Runs queries that change nothing; gives `nothing` while there are no tables. */
  async read<T>(what: string, nothing: T, work: (sql: Sql) => Promise<T>): Promise<T> {
    return await this.#patiently(what, false, async () => {
      const sql = await this.#open(false);
      return sql === undefined ? nothing : await work(sql);
    });
  }

  /** Runs queries in one transaction, all or none of which are done. They may be run again when that failed. */
  async write<T>(options: WriteOptions, work: (work: Work) => Promise<T>): Promise<T> {
    const { what, paths = [], durable = true, once = false } = options;
    return await this.#patiently(what, once, async () => {
      const sql = (await this.#open(true))!;
      return await this.engine.transaction(sql, durable, async (transaction) => {
        await this.engine.checkLocks(transaction, paths);
        return await work(transaction);
      });
    });
  }

  /** Makes the tables, if they are not there yet. */
  async prepare(what: string): Promise<void> {
    await this.#patiently(what, false, () => this.#open(true));
  }

  async close(): Promise<void> {
    this.#ready = false;
    await this.engine.close();
  }

  async #open(make: boolean): Promise<Sql | undefined> {
    const sql = await this.engine.connect(make);
    if (sql === undefined || this.#ready) return sql;
    let found = await lookAtTables(sql, this.engine);
    if (found === "old" || (make && found === "missing")) {
      await migrate(sql, this.engine, this.#schema);
      found = "ready";
    }
    this.#ready = found === "ready";
    return this.#ready ? sql : undefined;
  }

  /** Tries again what a lost connection or another writer made fail, for a while. */
  async #patiently<T>(what: string, once: boolean, work: () => Promise<T>): Promise<T> {
    let until: number | undefined, wait = pause.shortest;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const passing = this.engine.isPassing(error);
        until ??= performance.now() + this.engine.wait;
        const again = passing === "passing" || (passing === "unknown" && !once);
        if (!again || performance.now() >= until) throw this.engine.explain(error, what);
      }
      await setTimeout(wait);
      wait = Math.min(2 * wait, pause.longest);
    }
  }
}

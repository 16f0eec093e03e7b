import type { Db, MongoClient } from "mongodb";
import type { MongoPlace } from "./place.ts";
import { within } from "../within.ts";

/** Milliseconds for which a silent server is waited for at the end. */
const farewell = 5_000;

type Driver = typeof import("mongodb");

/** What a piece of work gets. */
export interface Connected {
  db: Db;
  client: MongoClient;
  driver: Driver;
}

/** Milliseconds without work after which connections are given up: a script that has ended is not kept alive by them. */
const idle = { free: 500, held: 5_000 };

/**
 * The connection to a MongoDB server: made with the first piece of work, given up when there was none for a while (open
 * sockets would keep a process from ending), made again with the next.
 */
export class MongoConnection {
  readonly place: MongoPlace;
  #opening: Promise<Connected> | undefined;
  #closing: Promise<void> = Promise.resolve();
  #busy = 0;
  #holds = 0;
  /** When work that counts was last begun. */
  #last = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(place: MongoPlace) {
    this.place = place;
  }

  /**
   * Does a piece of work.
   *
   * @param counts false for what is done without being asked for: it doesn't keep the connection
   * @throws {Error} the server can't be reached or refuses: where it is and what helps
   */
  async use<T>(work: (connected: Connected) => Promise<T>, { counts = true } = {}): Promise<T> {
    if (counts) this.#last = performance.now();
    this.#begin();
    try {
      return await work(await this.#open());
    } catch (error) {
      throw explain(error, this.place.location);
    } finally {
      this.#end();
    }
  }

  /** The same for work that gives one thing after the other. */
  async *each<T>(work: (connected: Connected) => AsyncIterable<T>): AsyncGenerator<T> {
    this.#begin();
    this.#last = performance.now();
    try {
      yield* work(await this.#open());
    } catch (error) {
      throw explain(error, this.place.location);
    } finally {
      this.#end();
    }
  }

  /** While something is held, a lock, the connection is given up later. The function returned ends that. */
  hold(): () => void {
    this.#holds++;
    return () => {
      this.#holds--;
      if (this.#busy === 0) this.#rest();
    };
  }

  /** Ends the connection now; the next piece of work makes another. */
  close(): Promise<void> {
    clearTimeout(this.#timer);
    const opening = this.#opening;
    this.#opening = undefined;
    if (opening !== undefined) this.#closing = this.#closing.then(() => end(opening));
    return this.#closing;
  }

  #begin(): void {
    this.#busy++;
    clearTimeout(this.#timer);
  }

  #end(): void {
    if (--this.#busy === 0) this.#rest();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    if (this.#opening === undefined) return;
    const until = this.#holds === 0 ? idle.free : Math.max(idle.free, this.#last + idle.held - performance.now());
    this.#timer = setTimeout(() => void this.close(), until);
    Deno.unrefTimer(this.#timer);
  }

  #open(): Promise<Connected> {
    const opening = this.#opening ??= this.#connect();
    opening.catch(() => this.#opening === opening && (this.#opening = undefined));
    return opening;
  }

  async #connect(): Promise<Connected> {
    const [driver, options] = await Promise.all([import("mongodb"), this.place.options()]);
    const client = new driver.MongoClient(this.place.url, options);
    try {
      await client.connect();
    } catch (error) {
      await client.close().catch(() => {});
      throw error;
    }
    return { db: client.db(this.place.database), client, driver };
  }
}

async function end(opening: Promise<Connected>): Promise<void> {
  const connected = await opening.catch(() => undefined);
  if (connected !== undefined) await within(connected.client.close(), farewell);
}

interface Refusal {
  code?: unknown;
  /** Of several writes at once, each. */
  writeErrors?: { code?: unknown }[];
}

/** Whether a server refused a document because there is one of that name already, and nothing for another reason. */
export function isDuplicate(error: unknown): boolean {
  const { code, writeErrors = [] } = (error ?? {}) as Refusal;
  return [{ code }, ...[writeErrors].flat()].every(({ code }) => code === 11000);
}

/** Also of errors in the middle of several writes, which have a name of their own. */
const unreachable =
  /Network|ServerSelection|PoolCleared|PoolClosed|Timeout|Topology|NotConnected|ClientClosed|connection.* closed|timed out|ECONN/;

/** Of a connection that was cut between two looks at it: the driver passes on what the socket says. */
const isSocketError = (code: unknown): boolean =>
  typeof code === "string" && /^(EPIPE|ECONN\w+|ETIMEDOUT|ERR_STREAM_\w+|ERR_SOCKET_\w+)$/.test(code);

/** What a driver's error means, in words for the user, without anything secret in it; others as they are. */
function explain(error: unknown, location: string): unknown {
  const { name = "", code, message = "" } = (error ?? {}) as { name?: string; code?: unknown; message?: string };
  const isSocket = isSocketError(code);
  if (!(name.startsWith("Mongo") || isSocket) || isDuplicate(error)) return error;
  const cause = new Error(`${name}: ${message}`);
  if (code === 18 || code === 13 || /auth/i.test(`${name} ${message}`)) {
    const text = `it refuses this user or password (${message}); see the options "user" and "authSource", and that ` +
      `the password's environment variable or file has the right one`;
    return Object.assign(new Error(`Cannot use the database at ${location}: ${text}`, { cause }), { code });
  }
  if (isSocket || unreachable.test(`${name} ${message}`)) {
    const text = `it can't be reached (${message}); see that the server runs, and try again`;
    return new Error(`Cannot use the database at ${location}: ${text}`, { cause });
  }
  const text = `it answers with an error (${message}); see what the server says about it`;
  return Object.assign(new Error(`Cannot use the database at ${location}: ${text}`, { cause }), { code });
}

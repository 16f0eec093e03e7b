import type { DBInterface } from "../db_interface.ts";
import { within } from "../within.ts";

/** Milliseconds before something that can't be reached is tried again: from the first to the longest. */
export const retries = { first: 250, longest: 5_000 };

/** The way to a store that may not be reachable: knows whether it is, and tells when that changes. */
export class RemoteLine {
  readonly remote: DBInterface;
  /** Milliseconds after which something that doesn't answer counts as out of reach. */
  readonly patience: number;
  readonly #closing: number;
  readonly #listeners = new Set<(message: string) => void>();
  #down: { since: number; tried: number; why: string } | undefined;

  /** @param closing milliseconds to wait for the rest when something is closed */
  constructor(remote: DBInterface, patience: number, closing: number) {
    this.remote = remote;
    this.patience = patience;
    this.#closing = closing;
  }

  /** Where it leads, for messages. */
  get place(): string {
    return this.remote.location ?? `a ${this.remote.constructor.name}`;
  }

  /** Why the remote store takes nothing now; undefined when it does, or wasn't asked yet. */
  get problem(): string | undefined {
    if (this.#down === undefined) return undefined;
    const { since, why } = this.#down;
    return `the remote store (${this.place}) takes nothing since ${new Date(since).toISOString()}: ${why}`;
  }

  /**
   * Milliseconds to wait, when something is closed, for a request that goes on: it is let end, so that nothing stays
   * locked there, but no longer than is waited for the rest where the store is known not to answer.
   */
  get leaving(): number {
    return this.#down === undefined ? this.patience : Math.min(this.patience, this.#closing);
  }

  /** Hears when it can't be reached any more, and when it can again; gives back how to stop listening. */
  listen(listener: (message: string) => void): () => void {
    this.#listeners.add(listener);
    if (this.problem !== undefined) listener(this.problem);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Does something with the remote store, however long it takes.
   *
   * @param timed whether it counts as out of reach when that takes longer than the patience lasts
   * @throws what it throws
   */
  async run<T>(work: (remote: DBInterface) => Promise<T>, { timed = true } = {}): Promise<T> {
    const late = () => this.#fails(`no answer for ${this.patience / 1000} s`);
    const timer = timed ? setTimeout(late, this.patience) : undefined;
    try {
      const result = await work(this.remote);
      this.#works();
      return result;
    } catch (error) {
      if (isAnswer(error)) this.#works();
      else this.#fails((error as Error).message);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks the remote store something; undefined when it can't be reached, or doesn't answer in time. */
  async ask<T>(work: (remote: DBInterface) => Promise<T>): Promise<{ answer: T } | undefined> {
    if (this.#down !== undefined && Date.now() - this.#down.tried < retries.longest) return undefined;
    try {
      return await within(this.run(work).then((answer) => ({ answer })), this.patience);
    } catch (error) {
      if (isAnswer(error)) throw error;
      return undefined;
    }
  }

  #works(): void {
    if (this.#down === undefined) return;
    this.#down = undefined;
    this.#tell(`the remote store (${this.place}) is reached again: what is missing there follows`);
  }

  #fails(why: string): void {
    const tried = Date.now(), known = this.#down;
    this.#down = { since: known?.since ?? tried, tried, why };
    if (known === undefined) this.#tell(this.problem!);
  }

  #tell(message: string): void {
    for (const listener of this.#listeners) listener(message);
  }
}

/** Whether an error is what a store that was reached had to say about the request, not about itself. */
const isAnswer = (error: unknown): boolean =>
  error instanceof Deno.errors.Busy || error instanceof RangeError || error instanceof TypeError;

import type { Mirror } from "./mirror.ts";
import { MirroredArchives } from "./mirrored_archives.ts";
import type { MirroredDocuments } from "./mirrored_documents.ts";
import { Queue } from "../queue.ts";
import { retries } from "./remote_line.ts";
import { within } from "../within.ts";
import { isAlive } from "../run/run_phase.ts";
import type { RunSummary } from "../run/run_record.ts";
import { RunShipper } from "./run_shipper.ts";

/** Brings to the remote store what an earlier sitting, or an unreachable store, left behind: closed runs, documents. */
export class CatchUp {
  readonly #mirror: Mirror;
  readonly #documents: MirroredDocuments;
  /** Runs that were archived here. */
  readonly archives: MirroredArchives;
  readonly #isOpen: (id: string) => boolean;
  /** Runs that are not known to be whole there. */
  readonly #behind = new Set<string>();
  #shipping: { id: string; done: Promise<void>; abort: AbortController } | undefined;
  readonly #oneByOne = new Queue();
  #going: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again = false;
  /** Whether runs are to be looked through: not for every document that is written. */
  #runsDue = true;
  #closed = false;

  constructor(mirror: Mirror, documents: MirroredDocuments, isOpen: (id: string) => boolean) {
    this.#mirror = mirror;
    this.#documents = documents;
    this.#isOpen = isOpen;
    this.archives = new MirroredArchives(mirror, (id) => this.#ship(id));
  }

  /** Notes a run that is not whole there, and begins to ship it. */
  add(id: string): void {
    this.#behind.add(id);
    this.#runsDue = true;
    this.soon();
  }

  /** Begins to catch up, unless that goes on; what can't be done now is tried again later. */
  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = this.#going !== undefined;
    this.#going ??= this.#round().then((done) => this.#ended(done));
  }

  /** Lets go of a run, should it be shipped just now: somebody is about to open it. */
  async free(id: string): Promise<void> {
    if (this.#shipping?.id !== id) return;
    this.#shipping.abort.abort();
    await within(this.#shipping.done, this.#mirror.line.patience);
  }

  /** Waits until nothing is missing, at most so many milliseconds; gives what is, for the user. */
  async finish(milliseconds: number): Promise<string | undefined> {
    this.#runsDue = true;
    this.soon();
    const until = performance.now() + milliseconds;
    while (this.#going !== undefined && performance.now() < until) {
      await within(this.#going, until - performance.now());
      if (this.#going === undefined && await this.#missing() !== undefined) this.soon();
    }
    return await this.#missing();
  }

  /** Ends it: nothing is tried again. */
  stop(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #ended(done: boolean): void {
    this.#going = undefined;
    if (this.#closed) return;
    if (this.#again) return this.soon();
    if (done) return;
    this.#timer = setTimeout(() => this.soon(), retries.longest);
    this.#timer.unref();
  }

  /** Ships all that is behind; whether that worked. */
  async #round(): Promise<boolean> {
    try {
      await this.archives.ship();
      if (this.#runsDue) await this.#shipRuns();
      await this.#documents.ship();
      return true;
    } catch (error) {
      this.#runsDue = true;
      const { problem, place } = this.#mirror.line; // the line tells its own
      if (problem === undefined) this.#mirror.warn(`what waits for ${place} waits on: ${(error as Error).message}`);
      return false;
    }
  }

  async #shipRuns(): Promise<void> {
    this.#runsDue = false;
    for (const id of await this.#findBehind()) {
      if (this.#closed) return;
      await this.#ship(id);
    }
  }

  /** The runs that are not whole there; those that have their own name before those that were archived. */
  async #findBehind(): Promise<string[]> {
    const local = await this.#mirror.local.runs.list();
    const listed = await this.#mirror.line.run((remote) => remote.runs.list());
    const remote = new Map(listed.map((run) => [run.id, run]));
    const behind = local.filter((run) => !isWhole(run, remote.get(run.id)));
    this.#behind.clear();
    const mine: string[] = [];
    for (const run of behind) {
      this.#behind.add(run.id);
      const isFree = !this.#isOpen(run.id) && !isElsewhere(run) && !await this.archives.isWaiting(run);
      if (isFree) mine.push(run.id);
    }
    return mine.sort((a, b) => Number(a.includes("~")) - Number(b.includes("~")));
  }

  #ship(id: string): Promise<void> {
    return this.#oneByOne.run(async () => {
      if (this.#isOpen(id)) return;
      const abort = new AbortController();
      const done = this.#shipLocked(id, abort.signal);
      this.#shipping = { id, abort, done: done.catch(() => {}) };
      await done.finally(() => this.#shipping = undefined);
    });
  }

  /** Nobody changes a run, or archives it, while it is shipped. */
  async #shipLocked(id: string, signal: AbortSignal): Promise<void> {
    const run = await this.#mirror.local.runs.open(id, { wait: 0 }).catch(unlessBusy);
    if (run === undefined) return;
    try {
      const shipped = new RunShipper(run, this.#mirror, this.#mirror.warn).shipAll(signal);
      await Promise.race([shipped, aborted(signal)]); // a remote store that doesn't answer keeps no run from its owner
      this.#behind.delete(id);
    } catch (error) {
      if (signal.aborted) return;
      if (this.#mirror.line.problem !== undefined) throw error; // the others will fare no better
      this.#mirror.warn(`run "${id}" is not in ${this.#mirror.line.place}: ${(error as Error).message}`);
    } finally {
      await run.close();
    }
  }

  async #missing(): Promise<string | undefined> {
    const runs = [...this.#behind].filter((id) => !this.#isOpen(id)).map((id) => `run "${id}"`);
    const documents = await this.#documents.waiting();
    const parts = [...runs, ...(documents === 0 ? [] : [`${documents} writes of documents`])];
    return parts.length === 0 ? undefined : parts.join(", ");
  }
}

/** Rejects when a signal says so. */
function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  promise.catch(() => {});
  return promise;
}

/** Who has it open ships it, or the next round does. */
function unlessBusy(error: unknown): undefined {
  if (!(error instanceof Deno.errors.Busy)) throw error;
}

/** Whether another process has it open, and ships it. */
const isElsewhere = (run: RunSummary): boolean =>
  isAlive(run) && run.heartbeat !== undefined && run.heartbeat.pid !== Deno.pid;

/** Whether the remote store has all of a run, and nothing newer is to be told. */
function isWhole(here: RunSummary, there: RunSummary | undefined): boolean {
  if (there === undefined || there.created !== here.created) return false;
  return there.updated > here.updated || (there.updated === here.updated && there.mirrored === here.updated);
}

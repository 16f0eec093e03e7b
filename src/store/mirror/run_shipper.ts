import { abortableRun } from "./abortable_run.ts";
import { Alarm } from "./alarm.ts";
import type { Lag } from "./lag.ts";
import type { Mirror } from "./mirror.ts";
import { type RemoteLine, retries } from "./remote_line.ts";
import { within } from "../within.ts";
import type { JournalEntry, Run } from "../run/run_record.ts";
import { alignMirror, openMirror } from "./open_mirror.ts";
import { mirrorCheckpoints, syncJournal, syncRecord } from "../run/sync_run.ts";

/** Milliseconds in which changes are gathered before they are shipped together. */
const gathering = 100;

/**
 * Brings what happens to one run to a remote store, beside the work that goes on. Of the journal, the latest entries are
 * kept in memory, at most so many; what is older is read from the local store again. Whatever fails is tried again.
 */
export class RunShipper {
  readonly #local: Run;
  readonly #line: RemoteLine;
  readonly #bound: number;
  readonly #warn: (message: string) => void;
  readonly #before: () => Promise<void>;
  #remote: Run | undefined;
  /** The entries that follow on those that were shipped; undefined when not all of them are in memory. */
  #fresh: JournalEntry[] | undefined;
  /** The remote run is cut to this before anything else. */
  #cut = Infinity;
  #shipped = 0;
  /** Whether this process has seen that the remote journal begins with what was shipped. */
  #known = false;
  #connecting: Promise<void> | undefined;
  #changed = { checkpoints: true, record: true, life: false };
  /** What this process may have written as the time of the last update: another one was written by somebody else. */
  readonly #updates = new Set<string>();
  #working: Promise<void> | undefined;
  #problem: string | undefined;
  #stopped = false;
  #signal: AbortSignal | undefined;
  readonly #alarm = new Alarm();

  /**
   * @param before what must have happened in the remote store before the run is opened there
   */
  constructor(
    local: Run,
    { line, queue }: Mirror,
    warn: (message: string) => void,
    before?: () => Promise<void>,
  ) {
    this.#local = local;
    this.#line = line;
    this.#bound = queue;
    this.#warn = warn;
    this.#before = before ?? (() => Promise.resolve());
    this.#updates.add(local.record.updated);
  }

  /** How far the remote run is behind. */
  get lag(): Lag {
    const { checkpoints, record } = this.#changed;
    return { entries: Math.max(0, this.#local.sequence - this.#shipped), checkpoints, record };
  }

  get isDone(): boolean {
    const { entries, checkpoints, record } = this.lag;
    return entries === 0 && !checkpoints && !record && this.#cut === Infinity && this.#remote !== undefined;
  }

  /** Why the remote store doesn't take this run now; undefined when it does, or wasn't asked yet. */
  get problem(): string | undefined {
    return this.#line.problem ?? this.#problem;
  }

  /** Notes a new entry of the journal. */
  append(entry: JournalEntry): void {
    if ((this.#fresh?.length ?? Infinity) >= this.#bound) this.#fresh = undefined;
    else this.#fresh!.push(entry);
    this.kick();
  }

  /** Notes that the journal was cut. */
  truncated(sequence: number): void {
    this.#cut = Math.min(this.#cut, sequence);
    this.#shipped = Math.min(this.#shipped, sequence);
    this.#fresh = this.#fresh?.filter((entry) => entry.sequence <= sequence);
    this.changed("checkpoints");
  }

  /** Notes that something else is not as the remote store has it. */
  changed(what: "checkpoints" | "record" | "life"): void {
    this.#changed[what] = true;
    this.kick();
  }

  /** Begins to ship what there is, unless that goes on. */
  kick(): void {
    if (this.#stopped) return;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      if (!this.isDone) this.kick(); // something came at the very end
    });
  }

  /** Opens the remote run, or makes it. @throws {Deno.errors.Busy} somebody else writes it, for so many ms */
  async connect(wait = this.#line.patience / 2): Promise<void> {
    if (this.#remote !== undefined) return;
    await (this.#connecting ??= this.#connect(wait).finally(() => this.#connecting = undefined));
  }

  /** Waits until nothing is missing, at most so many milliseconds; whether nothing is. */
  async drain(milliseconds: number): Promise<boolean> {
    const until = performance.now() + milliseconds;
    this.#alarm.wake();
    while (!this.isDone && performance.now() < until) {
      this.kick();
      await within(this.#working ?? Promise.resolve(), Math.min(50, until - performance.now()));
      if (this.#working !== undefined) this.#alarm.wake();
    }
    return this.isDone;
  }

  /**
   * Ships all there is, once, of a run that doesn't change any more.
   *
   * @throws what keeps it from being whole there; what the signal says, after which nothing is changed there
   */
  async shipAll(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    try {
      do await this.#ship(); while (!this.isDone);
      await this.#noteWhole();
    } finally {
      this.#stopped = true;
      await this.#remote?.close();
    }
  }

  /** Ends shipping; with `whole`, notes in the remote store that nothing is missing there. */
  async stop({ whole = false } = {}): Promise<void> {
    this.#stopped = true;
    this.#alarm.wake();
    const end = async () => {
      await this.#working;
      await this.#connecting?.catch(() => {});
      try {
        if (whole) await this.#noteWhole();
      } finally {
        await this.#remote?.close();
      }
    };
    await within(end().catch((error) => this.#warn((error as Error).message)), this.#line.leaving);
  }

  async #connect(wait: number): Promise<void> {
    await this.#before();
    const updates = this.#updates;
    const opened = await this.#line.run((store) => openMirror(this.#local, store, { updates, wait }));
    const remote = this.#signal === undefined ? opened : abortableRun(opened, this.#signal);
    try {
      const known = this.#known ? Math.min(this.#shipped, this.#cut) : undefined;
      await this.#line.run(() => alignMirror(this.#local, remote, known), { timed: false });
    } catch (error) {
      await remote.close().catch(() => {});
      throw error;
    }
    this.#remote = remote;
    this.#known = true;
    this.#updates.add(remote.record.updated);
    this.#shipped = remote.sequence;
    this.#cut = Infinity;
    this.#fresh = this.#shipped === this.#local.sequence ? [] : undefined;
    this.#changed = { checkpoints: true, record: true, life: true };
  }

  async #noteWhole(): Promise<void> {
    const { updated } = this.#local.record;
    await this.#line.run(() => this.#remote!.update({ updated, mirrored: updated }));
  }

  async #work(): Promise<void> {
    let pause = gathering;
    do {
      await this.#alarm.sleep(pause);
      try {
        await this.#ship();
        [pause, this.#problem] = [gathering, undefined];
      } catch (error) {
        await this.#failed(error as Error);
        pause = Math.min(retries.longest, Math.max(retries.first, pause * 2));
      }
    } while (!this.#stopped && !this.isDone);
  }

  async #ship(): Promise<void> {
    await this.connect();
    const remote = this.#remote!;
    await this.#local.flush();
    await this.#line.run(async () => {
      const cut = this.#cut;
      if (cut < remote.sequence) await remote.truncate(cut);
      if (this.#cut === cut) this.#cut = Infinity;
      await this.#shipEntries(remote);
    });
    if (this.#changed.checkpoints) {
      this.#changed.checkpoints = false;
      await this.#line.run(() => this.#shipCheckpoints(remote));
    }
    if (this.#changed.record) {
      this.#changed.record = false;
      this.#updates.add(this.#local.record.updated);
      await this.#line.run(() => syncRecord(this.#local, remote));
    }
    if (this.#changed.life) {
      this.#changed.life = false;
      await this.#line.run(() => remote.heartbeat());
    }
  }

  async #shipEntries(remote: Run): Promise<void> {
    const fresh = this.#fresh;
    this.#fresh = [];
    if (fresh === undefined) await syncJournal(this.#local, remote);
    else {
      for (const entry of fresh) if (entry.sequence > remote.sequence) remote.append(entry);
      await remote.flush();
    }
    this.#shipped = Math.min(remote.sequence, this.#cut);
  }

  async #shipCheckpoints(remote: Run): Promise<void> {
    const { unreadable, waiting = 0 } = await mirrorCheckpoints(this.#local, remote);
    if (waiting > 0) this.#changed.checkpoints = true;
    for (const [sequence, why] of unreadable) {
      this.#warn(`checkpoint ${sequence} is not in ${this.#line.place}: ${why}`);
    }
  }

  /** What the remote store has now isn't known any more: it is looked at again, and the rest is shipped from there. */
  async #failed(error: Error): Promise<void> {
    const remote = this.#remote;
    this.#remote = undefined;
    this.#fresh = undefined;
    this.#changed = { checkpoints: true, record: true, life: true };
    const problem = `the remote store (${this.#line.place}) doesn't take run "${this.#local.id}": ${error.message}`;
    if (this.#line.problem === undefined && this.#problem !== problem) this.#warn(problem);
    this.#problem = problem;
    await within(remote?.close() ?? Promise.resolve(), this.#line.patience).catch(() => {});
  }
}

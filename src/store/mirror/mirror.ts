import type { DBInterface } from "../db_interface.ts";
import type { MirroredArchives } from "./mirrored_archives.ts";
import type { RemoteLine } from "./remote_line.ts";
import { Unreached } from "./unreached.ts";

/** What the parts of two stores at once know of each other. */
export interface MirrorOptions {
  readonly local: DBInterface;
  readonly line: RemoteLine;
  /** How much the remote store may lag behind: entries of journals, documents. */
  readonly queue: number;
  /** Whether work waits for a remote store that can't be reached. */
  readonly pauses: boolean;
  /** Milliseconds to wait for the rest when something is closed. */
  readonly closing: number;
  /** Called with a run that the remote store hasn't all of, and that nobody ships. */
  readonly behind: (id: string) => void;
  /** Waits until a closed run is not being shipped. */
  readonly free: (id: string) => Promise<void>;
  /** Hears what was found amiss. */
  readonly warn: (message: string) => void;
  /** The runs that were archived. */
  readonly archives: () => MirroredArchives;
}

/** Milliseconds between two looks at whether the remote store has caught up. */
const interval = 20;

/** The two stores, and how they are kept together. */
export class Mirror implements MirrorOptions {
  readonly local: DBInterface;
  readonly line: RemoteLine;
  readonly queue: number;
  readonly pauses: boolean;
  readonly closing: number;
  readonly behind: (id: string) => void;
  readonly free: (id: string) => Promise<void>;
  readonly warn: (message: string) => void;
  readonly archives: () => MirroredArchives;

  constructor({ local, line, queue, pauses, closing, behind, free, warn, archives }: MirrorOptions) {
    [this.local, this.line, this.queue, this.pauses, this.closing] = [local, line, queue, pauses, closing];
    [this.behind, this.free, this.warn, this.archives] = [behind, free, warn, archives];
  }

  /** Where things are kept first, for messages. */
  get place(): string {
    return this.local.location ?? `a ${this.local.constructor.name}`;
  }

  /**
   * Waits until the remote store lags behind by no more than it may; where it can't be reached, that is told, or passed
   * over, as configured.
   *
   * @throws {Unreached}
   */
  async waitFor(lag: () => number, problem: () => string | undefined = () => this.line.problem): Promise<void> {
    while (problem() === undefined && lag() > this.queue) {
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
    const found = problem();
    if (!this.pauses || found === undefined) return;
    throw new Unreached(`${found}; what it lacks is safe in ${this.place}`, { pauses: true });
  }
}

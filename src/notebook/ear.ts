import type { Connection } from "./connection.ts";
import { sourceDigest } from "./digest.ts";
import { updateDisplay } from "./kernel.ts";
import { type Message, parseMessage } from "./wire.ts";
import { ZmtpConnection } from "./zmtp.ts";

/** Milliseconds after which a mark is not waited for any more. */
const patience = 2_000;
/** Milliseconds to wait where nothing is heard: in most cases enough. */
const blindWait = 30;

/** How marks are named: displays that there are not, so that no front end shows anything of them. */
const markPrefix = "ptutils-mark-";

/** Milliseconds in which the kernel must have answered. */
const openPatience = 1_000;

/** A cell that is executed. */
export interface Cell {
  /** The digest of its source; undefined when it began before this could hear. */
  readonly digest: string | undefined;
  /** How many executions were heard by then: the same for the same one. */
  readonly execution: number;
}

/** Hears what this kernel publishes: which cell runs, when an output is out. */
export class Ear {
  /** The kernel's id at its Jupyter server; undefined when none is known. */
  readonly kernelId: string | undefined;
  readonly #hears: Promise<boolean>;
  readonly #marks = new Map<string, () => void>();
  #count = 0;
  #execution = 0;
  #digest: string | undefined;

  constructor(connection: Connection | undefined) {
    this.kernelId = connection?.id;
    this.#hears = connection === undefined ? Promise.resolve(false) : this.#open(connection);
  }

  /** Waits until all that was shown before is out, under the cell that it belongs to. */
  async settle(): Promise<void> {
    if (!await this.#hears) return await wait(blindWait);
    const mark = `${markPrefix}${++this.#count}`;
    const out = new Promise<true>((resolve) => this.#marks.set(mark, () => resolve(true)));
    const end = performance.now() + patience;
    do { // the first may go unheard: the kernel takes a listener a moment after it has come
      await updateDisplay({}, mark);
    } while (!await Promise.race([out, wait(blindWait)]) && performance.now() < end);
    this.#marks.delete(mark);
  }

  /** The latest execution that was heard of: that of the cell that runs, unless it began a moment ago. */
  get execution(): number {
    return this.#execution;
  }

  /** The cell that runs. */
  async cell(): Promise<Cell> {
    await this.settle();
    return { digest: this.#digest, execution: this.#execution };
  }

  async #open({ ip, iopub_port }: Connection): Promise<boolean> {
    try {
      const opening = ZmtpConnection.open(ip, iopub_port, "SUB");
      const iopub = await Promise.race([opening, wait(openPatience)]);
      if (iopub === undefined) return false;
      void this.#listen(iopub).catch(() => {});
      return true;
    } catch {
      return false;
    }
  }

  async #listen(iopub: ZmtpConnection): Promise<void> {
    for await (const frames of iopub.messages()) {
      const message = parseMessage(frames);
      if (message !== undefined) this.#hear(message);
    }
  }

  #hear(message: Message): void {
    if (message.type === "execute_input") {
      this.#execution++;
      this.#digest = sourceDigest(String(message.content().code));
    } else if (message.type === "update_display_data" && this.#marks.size > 0) {
      const { display_id: id } = (message.content().transient ?? {}) as { display_id?: string };
      if (id?.startsWith(markPrefix)) this.#marks.get(id)?.();
    }
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

import type { Batch } from "../batch.ts";
import type { Draw } from "../course.ts";

/** A draw, and how many items of the pass are drawn with it. */
export interface Planned extends Draw {
  readonly to: number;
}

/** What fetches the batch of a draw. */
export type Fetch = (draw: Draw) => Batch | Promise<Batch>;

interface Fetched {
  readonly draw: Planned;
  readonly batch: Promise<Batch>;
}

/**
 * Batches that are fetched before they are asked for, a bounded number of them. They are a guess: whoever asks says
 * which batch it is, and one that was fetched in vain is let go. So looking ahead changes nothing but the time.
 */
export class LookAhead {
  readonly #fetch: Fetch;
  readonly #depth: number;
  readonly #close: () => void | Promise<void>;
  #ahead: Fetched[] = [];

  /**
   * @param depth how many batches at most are fetched ahead
   * @param close ends what fetches
   */
  constructor(fetch: Fetch, depth: number, close: () => void | Promise<void> = () => {}) {
    this.#fetch = fetch;
    this.#depth = depth;
    this.#close = close;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ahead = [];
    await this.#close();
  }

  /**
   * The batch of a draw; those after it are begun, if fetching is something that goes on beside.
   *
   * @param next the draw that will probably come after another; undefined where the pass ends
   */
  take(draw: Planned, next: (draw: Planned) => Planned | undefined): Batch | Promise<Batch> {
    const first = this.#ahead.shift();
    const hit = first !== undefined && same(first.draw, draw);
    if (!hit) this.#ahead = [];
    const batch = hit ? first.batch : this.#fetch(draw);
    if (batch instanceof Promise) this.#fill(draw, next);
    return batch;
  }

  #fill(draw: Planned, next: (draw: Planned) => Planned | undefined): void {
    let last = this.#ahead.at(-1)?.draw ?? draw;
    while (this.#ahead.length < this.#depth) {
      const following = next(last);
      if (following === undefined) return;
      this.#ahead.push({ draw: following, batch: this.#begin(last = following) });
    }
  }

  #begin(draw: Planned): Promise<Batch> {
    const batch = new Promise<Batch>((resolve) => resolve(this.#fetch(draw)));
    batch.catch(() => {}); // whoever asks for it is told
    return batch;
  }
}

function same(a: Draw, b: Draw): boolean {
  if (a.pass !== b.pass || a.indices.length !== b.indices.length) return false;
  for (let i = 0; i < a.indices.length; i++) if (a.indices[i] !== b.indices[i]) return false;
  return true;
}

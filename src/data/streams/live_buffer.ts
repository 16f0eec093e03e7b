import type { Observer } from "rxjs";

/** What may become of an item that finds the buffer full. */
export const whenFull = ["dropOldest", "dropNewest", "error"] as const;

/** How a buffer is bounded. */
export interface Bounds {
  readonly buffer: number;
  readonly whenFull: typeof whenFull[number];
}

/** Keeps what a source gives until somebody takes it, up to a bound. */
export class LiveBuffer implements Observer<unknown> {
  readonly #bounds: Bounds;
  readonly #dropped: (dropped: number) => void;
  readonly #items: unknown[] = [];
  #error: Error | undefined;
  #completed = false;
  #lost = 0;
  #wake: (() => void)[] = [];

  /** @param dropped told how many were dropped so far: at 1, 10, 100, ... */
  constructor(bounds: Bounds, dropped: (dropped: number) => void) {
    this.#bounds = bounds;
    this.#dropped = dropped;
  }

  next = (item: unknown): void => {
    if (this.#completed || this.#error !== undefined) return;
    const { buffer, whenFull } = this.#bounds;
    if (this.#items.length >= buffer) {
      if (whenFull === "error") return this.error(overflow(buffer));
      if (Number.isInteger(Math.log10(++this.#lost))) this.#dropped(this.#lost);
      if (whenFull === "dropNewest") return;
      this.#items.shift();
    }
    this.#items.push(item);
    this.#tell();
  };

  error = (error: unknown): void => {
    this.#error ??= error instanceof Error ? error : new Error(String(error));
    this.#tell();
  };

  complete = (): void => {
    this.#completed = true;
    this.#tell();
  };

  /** The item that comes next, which stays; undefined at the end. @throws what the source failed by */
  async peek(): Promise<unknown> {
    await this.#until(1);
    return this.#items[0];
  }

  /** So many items, waited for as they come; fewer at the end. @throws what the source failed by, after what it gave */
  async take(count: number): Promise<unknown[]> {
    await this.#until(Math.min(count, this.#bounds.buffer));
    const items = this.#items.splice(0, count);
    // More than the buffer holds: the rest as it comes.
    const over = items.length === count || this.#completed || this.#error !== undefined;
    return over ? items : [...items, ...await this.take(count - items.length)];
  }

  async #until(count: number): Promise<void> {
    while (this.#items.length < count && !this.#completed) {
      if (this.#error !== undefined && this.#items.length > 0) return;
      if (this.#error !== undefined) throw this.#error;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #tell(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

const overflow = (buffer: number): RangeError =>
  new RangeError(
    `Cannot keep the items of an Observable: ${buffer} wait and more come; make buffer larger, or choose whenFull: "dropOldest" or "dropNewest"`,
  );

/** A gate on the way of the loop: closed, whoever comes to it waits. */
export class Gate {
  #open: (() => void) | undefined;
  #opened: Promise<void> | undefined;
  #arrived: (() => void)[] = [];
  #waiting = false;

  get closed(): boolean {
    return this.#opened !== undefined;
  }

  /** Closes it; gives back when somebody has come to it and waits. */
  close(): Promise<void> {
    this.#opened ??= new Promise((resolve) => this.#open = resolve);
    if (this.#waiting) return Promise.resolve();
    return new Promise((resolve) => this.#arrived.push(resolve));
  }

  open(): void {
    this.#open?.();
    this.#open = this.#opened = undefined;
    this.release();
  }

  /** Waits until it is open. */
  async pass(): Promise<void> {
    while (this.#opened !== undefined) {
      this.#waiting = true;
      this.release();
      await this.#opened;
      this.#waiting = false;
    }
  }

  /** Tells those who wait for somebody to come that they need not any more. */
  release(): void {
    for (const arrived of this.#arrived.splice(0)) arrived();
  }
}

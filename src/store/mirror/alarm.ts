/** A sleep that can be ended early; it keeps no process alive. */
export class Alarm {
  #wake: () => void = () => {};

  async sleep(milliseconds: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, milliseconds);
      timer.unref();
    });
    clearTimeout(timer);
  }

  wake(): void {
    this.#wake();
  }
}

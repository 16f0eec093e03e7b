import { Gate } from "./gate.ts";

/** Milliseconds in which the loop may still come to a step's end by itself. */
const grace = 200;

/** What ends a run whose step was given up. */
export class Abandoned extends Error {}

/** How somebody outside steers a run: to halt, to stop after the step, to give the step up. */
export class Control {
  readonly gate: Gate = new Gate();
  #reason: string | undefined;
  #abandoned: PromiseWithResolvers<never> = Promise.withResolvers();
  #given = false;

  constructor() {
    this.#abandoned.promise.catch(() => {}); // nobody may wait for it
  }

  /** Why somebody wants it to stop; undefined while nobody does. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Asks it to end after the step. The first to ask gives the reason. */
  stop(reason: string): void {
    this.#reason ??= reason;
    this.gate.open();
  }

  /** Asks it to end without waiting for the step, unless that ends in a moment. */
  abandon(reason: string): void {
    this.stop(reason);
    const { reject } = this.#abandoned;
    setTimeout(() => {
      if (this.#abandoned.reject !== reject) return; // it has ended meanwhile
      this.#given = true;
      reject(new Abandoned(`${reason}; the step was given up`));
    }, grace);
  }

  /** Waits for work, or until it is given up. @throws {Abandoned} */
  during<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#abandoned.promise]);
  }

  /** Called by the loop when it comes back from waiting. @throws {Abandoned} nobody waits for it any more */
  check(): void {
    if (this.#given) throw new Abandoned("nobody waits for this step any more");
  }
}

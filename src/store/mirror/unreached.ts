/** A store that should have something does not take it now. What it is about is safe elsewhere. */
export class Unreached extends Error {
  override readonly name = "Unreached";
  /** Whether work should wait until it takes it, rather than go on. */
  readonly pauses: boolean;

  constructor(message: string, { cause, pauses }: { cause?: unknown; pauses: boolean }) {
    super(message, { cause });
    this.pauses = pauses;
  }
}

/** Whether an error asks that work waits. */
export const asksToPause = (error: unknown): boolean => error instanceof Unreached && error.pauses;

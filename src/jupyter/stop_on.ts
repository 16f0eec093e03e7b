import { type Kernel, KernelLost } from "./kernel.ts";

/** What watches over a cell that runs. */
export interface Stopper extends Disposable {
  /** Whether the cell's time was over before it ended. */
  readonly timedOut: boolean;
  /** Rejects when the cell went on all the same. */
  readonly tooLate: Promise<never>;
}

/** When a cell is stopped. */
export interface StopOptions {
  /** Seconds. */
  readonly timeout?: number;
  /** What it may then still take, in ms. */
  readonly grace: number;
  readonly signal?: AbortSignal;
}

/** Has the kernel stop its cell when the time is over, or when a signal aborts. */
export function stopOn(kernel: Kernel, { timeout, grace, signal }: StopOptions): Stopper {
  const tooLate = Promise.withResolvers<never>();
  tooLate.promise.catch(() => {});
  const timers: ReturnType<typeof setTimeout>[] = [];
  const interrupt = () => void kernel.interrupt().catch(() => {}); // a kernel that is gone says so itself
  const stopper = {
    timedOut: false,
    tooLate: tooLate.promise,
    [Symbol.dispose]() {
      timers.forEach(clearTimeout);
      signal?.removeEventListener("abort", interrupt);
    },
  };
  if (timeout !== undefined) {
    timers.push(setTimeout(() => {
      stopper.timedOut = true;
      interrupt();
      const why = `Cannot stop the cell, which took longer than ${timeout} s: the kernel does not heed the interrupt`;
      timers.push(setTimeout(() => tooLate.reject(new KernelLost(why)), grace));
    }, timeout * 1000));
  }
  signal?.addEventListener("abort", interrupt);
  if (signal?.aborted) interrupt();
  return stopper;
}

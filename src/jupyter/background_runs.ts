import { quoted } from "../module/text.ts";
import type { Kernel } from "./kernel.ts";
import { stopOn } from "./stop_on.ts";

/** What the library tells in the kernel of the runs that go on behind the cells, if it was imported there. */
const background = `globalThis[Symbol.for("ptutils.background")]`;

/** How runs that go on when the last cell has ended are waited for. */
export interface BackgroundOptions {
  /** Whether they are stopped, as by the Stop button, and saved. */
  readonly stop: boolean;
  /** Seconds until they are stopped. */
  readonly timeout?: number;
  /** Aborted, it has them stopped. */
  readonly signal?: AbortSignal;
  /** Hears that they are waited for. */
  readonly tell: (text: string) => void;
}

/** A second interrupt within this time, in ms, would have runs give up what the first has them save. */
const twice = 2_500;
/** So long stopped runs may take until they are saved and drawn, in ms. */
const grace = 30_000;

/**
 * Has the runs end that go on behind the cells, and their views be drawn for the last time: a kernel that is shut down
 * would leave neither picture nor record.
 *
 * @returns what failed, in words; undefined when nothing did
 */
export async function endRuns(kernel: Kernel, options: BackgroundOptions): Promise<string | undefined> {
  const { stop, timeout, signal, tell } = options;
  if (!kernel.isDeno) return undefined;
  try {
    const names = await kernel.ask(`${background}?.names() ?? null`) as string[] | null;
    if (names === null) return undefined;
    const runs = `${names.length > 1 ? "the runs" : "the run"} ${quoted(names)}`;
    if (names.length > 0) tell(`${stop ? "stopping" : "waiting for"} ${runs}, still in the background`);
    const soon = performance.now() - kernel.interrupted < twice;
    if (stop && names.length > 0 && !soon) await kernel.interrupt();
    using stopper = stopOn(kernel, stop ? { timeout: grace / 1000, grace: 0 } : { timeout, grace, signal });
    const ending = kernel.ask(`await ${background}.ended()`, kernel.latest) as Promise<Ended[]>;
    const ended = await Promise.race([ending, stopper.tooLate]);
    if (stopper.timedOut) return `Cannot let ${runs} go on: longer than ${timeout} s after the last cell; saved`;
    const failed = ended.filter(({ phase }) => phase === "failed");
    return failed.length === 0
      ? undefined
      : failed.map(({ id, reason }) =>
        `the run "${id}" failed in the background${reason === null ? "" : `: ${reason}`}`
      ).join("; ");
  } catch (error) {
    return (error as Error).message; // the kernel is lost: what was done is kept
  }
}

interface Ended {
  readonly id: string;
  readonly phase: string;
  readonly reason: string | null;
}

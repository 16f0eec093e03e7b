import type { Session } from "../session/session.ts";

/** How far a run is. */
export interface ProgressNow {
  /** 0 to 1; undefined where the budget doesn't tell it. */
  readonly fraction: number | undefined;
  /** `step 120, epoch 3 of 10, 4.2 s` */
  readonly text: string;
}

/** How far a run is, in epochs, steps or seconds, whichever is spent first. */
export function progressOf({ trainer: { looper }, dataProvider }: Session): ProgressNow {
  const { epochs, steps, seconds, step, epoch, elapsed } = looper;
  const done = epoch - (looper.inEpoch ? 1 : 0) + (looper.inEpoch ? partOfEpoch() : 0);
  const parts = [share(done, epochs), share(step, steps), share(elapsed, seconds)].filter((part) => part !== undefined);
  const of = (value: number, all: number | null) => all === null ? `${value}` : `${value} of ${all}`;
  return {
    fraction: parts.length === 0 ? undefined : Math.min(1, Math.max(...parts)),
    text: `step ${of(step, steps)}, epoch ${of(epoch, epochs)}, ${duration(elapsed)}`,
  };

  /** From the passes before, or in the first from how many samples there are. */
  function partOfEpoch(): number {
    const { batchSize, limit } = dataProvider.dataLoader;
    const samples = Math.min(dataProvider.datasets.train?.size ?? NaN, limit ?? Infinity);
    const before = step - looper.batch, passes = epoch - 1;
    const batches = passes > 0 && before > 0 ? before / passes : Math.ceil(samples / batchSize);
    return Number.isFinite(batches) && batches > 0 ? Math.min(1, looper.batch / batches) : 0;
  }
}

const share = (value: number, all: number | null): number | undefined =>
  all === null ? undefined : all === 0 ? 1 : value / all;

/** Estimates the time that is left, from how fast it went since this began to look. */
export class TimeLeft {
  readonly #fraction: number | undefined;
  readonly #began: number;

  constructor({ fraction }: ProgressNow, seconds: number) {
    this.#fraction = fraction;
    this.#began = seconds;
  }

  /** In words; empty while it can't be told. */
  at({ fraction }: ProgressNow, seconds: number): string {
    if (fraction === undefined || this.#fraction === undefined || seconds - this.#began < 0.5) return "";
    const gained = fraction - this.#fraction;
    if (gained <= 0) return "";
    return `, ${duration((1 - fraction) * (seconds - this.#began) / gained)} left`;
  }
}

/** Seconds in words: `4.2 s`, `3 min 5 s`, `2 h 11 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The middle one of a list of numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** Milliseconds that a piece of work takes. */
export async function time(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/**
 * Runs pieces of work in turn, A B A B ..., after some rounds that do not count: the medians, and the median of the
 * ratios to the last of them, round by round, so that a machine that slows down slows both.
 */
export async function interleave(
  works: Readonly<Record<string, () => unknown>>,
  rounds = 7,
  warmUp = 1,
): Promise<Record<string, { ms: number; ratio: number }>> {
  const names = Object.keys(works);
  const times: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const name of names) {
      const ms = await time(works[name]!);
      if (round >= warmUp) times[name]!.push(ms);
    }
  }
  const base = times[names.at(-1)!]!;
  return Object.fromEntries(
    names.map((name) => {
      const ratios = times[name]!.map((ms, i) => ms / base[i]!);
      return [name, { ms: median(times[name]!), ratio: median(ratios) }];
    }),
  );
}

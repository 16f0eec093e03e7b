/**
 * A running mean that forgets: the latest value weighs 1 - `weight`, and the start is not drawn towards zero (D. Kingma
 * and J. Ba, 2015, section 3). With `weight` 0 it gives each value back; a missing value stays missing and is skipped.
 */
export class RunningMean {
  readonly weight: number;
  #sum = 0;
  #share = 0;

  /** `weight`: of what came before, from 0 up to but not 1. */
  constructor(weight: number) {
    this.weight = weight;
  }

  /** The mean after one more value. */
  next(value: number): number {
    if (!Number.isFinite(value)) return NaN;
    this.#sum = this.#sum * this.weight + value * (1 - this.weight);
    this.#share = this.#share * this.weight + (1 - this.weight);
    return this.#sum / this.#share;
  }
}

/** The running means of a series, one for each value. */
export function smooth(values: Float64Array, weight: number): Float64Array {
  const mean = new RunningMean(weight);
  return values.map((value) => mean.next(value));
}

import type { Random } from "../../module/random.ts";
import { suggest } from "../../module/text.ts";
import { type Course, type Draw, drawn } from "../course.ts";
import type { Dataset } from "../dataset.ts";

/** Where a mixture stands. */
export type MixturePlace = {
  /** How often a source was chosen. */
  readonly draws: number;
  /** How many items were taken of each source, over all passes. */
  readonly taken: Readonly<Record<string, number>>;
};

/** Before the first draw. */
export const start: MixturePlace = { draws: 0, taken: {} };

/** Where a mixture stands, and where it stood when its latest passes began. */
export type MixtureState = {
  readonly now: MixturePlace;
  readonly began: readonly { readonly pass: number; readonly at: MixturePlace }[];
};

/** What draws: a Mixture. */
export interface Drawing {
  readonly weights: Readonly<Record<string, number>>;
  readonly random: Random;
  place: MixtureState;
}

/** How many passes one can go back to: an epoch may be put together of several. */
const remembered = 4;

interface Options {
  readonly pass: number;
  readonly moves: boolean;
  readonly length: number;
}

/**
 * The items of a pass over a mixture. An item is named by one number: how many were taken of its source before it,
 * times the number of sources, plus the number of the source.
 */
export class MixtureCourse implements Course {
  readonly length: number;
  readonly foresees: boolean;
  readonly #mixture: Drawing;
  readonly #names: readonly string[];
  readonly #moves: boolean;
  readonly #pass: number;
  #local: MixturePlace = start;

  constructor(mixture: Drawing, datasets: Readonly<Record<string, Dataset>>, { pass, moves, length }: Options) {
    this.#mixture = mixture;
    this.#names = Object.keys(datasets);
    this.#moves = moves;
    this.#pass = pass;
    this.length = length;
    // What is let go must be fetched again: of a source that only goes forward, from its beginning.
    this.foresees = Object.values(datasets).every(({ access }) => access === "random");
  }

  begin(position: number): MixturePlace {
    return this.#moves ? this.#standing(position) : this.#local;
  }

  /** @throws {RangeError} weights that can't be drawn by */
  draw(from: MixturePlace, count: number): Draw {
    const shares = sharesOf(this.#mixture.weights, this.#names), random = this.#mixture.random.fork("draws");
    const taken = this.#names.map((name) => from.taken[name] ?? 0), sources = this.#names.length;
    random.counter = from.draws;
    const indices = Array.from({ length: count }, () => {
      const at = random.uniform(), found = shares.findIndex((end) => at < end);
      const source = found < 0 ? shares.indexOf(1) : found;
      return taken[source]!++ * sources + source;
    });
    const counts = Object.fromEntries(this.#names.map((name, i) => [name, taken[i]!]));
    return { indices, pass: drawn, end: { draws: from.draws + count, taken: counts } satisfies MixturePlace };
  }

  taken({ end }: Draw): void {
    if (this.#moves) this.#mixture.place = { ...this.#mixture.place, now: end as MixturePlace };
    else this.#local = end as MixturePlace;
  }

  /** Where it stands after so many items of the pass: there it is, unless the pass is to begin. */
  #standing(position: number): MixturePlace {
    const { now, began } = this.#mixture.place;
    if (position > 0) return now;
    const known = began.find(({ pass }) => pass === this.#pass), at = known?.at ?? (this.#pass === 0 ? start : now);
    const before = began.filter(({ pass }) => pass < this.#pass);
    this.#mixture.place = { now: at, began: [...before, { pass: this.#pass, at }].slice(-remembered) };
    return at;
  }
}

/** Where the share of each source ends in 0 ... 1; the last that has any ends at 1. */
function sharesOf(weights: Readonly<Record<string, number>>, names: readonly string[]): number[] {
  for (const [name, weight] of Object.entries(weights)) {
    if (!names.includes(name)) {
      throw new RangeError(`Cannot mix by a weight of "${name}": no source has this name; ${suggest(name, names)}`);
    }
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(`Cannot mix by the weight ${weight} of "${name}": set it to a number from 0`);
    }
  }
  const all = names.map((name) => weights[name] ?? 0), sum = all.reduce((sum, weight) => sum + weight, 0);
  if (!(sum > 0)) {
    throw new RangeError(`Cannot mix: no source has a weight above 0; set one of ${names.join(", ")}`);
  }
  let end = 0;
  const ends = all.map((weight) => (end += weight) / sum);
  const last = all.findLastIndex((weight) => weight > 0);
  return ends.map((end, i) => i >= last ? 1 : end);
}

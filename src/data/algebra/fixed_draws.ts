import type { Draw } from "../course.ts";
import { type MixturePlace, start } from "./mixture_course.ts";

/** Draws that are made together. */
const blockDraws = 4096;

/**
 * What is drawn by weights that never change, by the number of the draw. Of all draws it keeps where each block of them
 * begins, and what is in the blocks that were asked for last.
 */
export class FixedDraws {
  readonly #draw: (from: MixturePlace, count: number) => Draw;
  readonly #begins: MixturePlace[] = [start];
  readonly #blocks = new Map<number, ArrayLike<number>>();
  readonly #most: number;

  /** @param size items of a pass: two passes are kept, or where a pass has no end a few blocks */
  constructor(draw: (from: MixturePlace, count: number) => Draw, size: number) {
    this.#draw = draw;
    this.#most = 2 + (size === Infinity ? 2 : 2 * Math.ceil(size / blockDraws));
  }

  /** What the n-th draw gave. */
  at(n: number): number {
    const block = Math.floor(n / blockDraws);
    return this.#block(block)[n - block * blockDraws]!;
  }

  #block(wanted: number): ArrayLike<number> {
    const known = this.#blocks.get(wanted);
    if (known !== undefined) return known;
    for (let n = Math.min(wanted, this.#begins.length - 1);; n++) {
      const { indices, end } = this.#draw(this.#begins[n]!, blockDraws);
      this.#begins[n + 1] = end as MixturePlace;
      if (n < wanted) continue;
      this.#blocks.set(n, indices);
      if (this.#blocks.size > this.#most) this.#blocks.delete(this.#blocks.keys().next().value!);
      return indices;
    }
  }
}

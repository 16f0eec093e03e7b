import { nearest, quoted } from "../module/text.ts";
import { callsParams, type Parameters } from "./inject.ts";
import type { Cell } from "./ipynb.ts";
import type { Kernel } from "./kernel.ts";

const declared = `globalThis[Symbol.for("ptutils.params.declared")]`;
const moreToCome = `globalThis[Symbol.for("ptutils.params.moreToCome")]`;

/**
 * Sees to it that each parameter is taken by some call of params(). Where the notebook has several calls, each is told
 * that more will come, and what none has declared is found after the last, before time is spent on the rest.
 */
export class TakenCheck {
  readonly #kernel: Kernel;
  readonly #names: readonly string[];
  readonly #calls: readonly Cell[];

  /** @param assigned those that are variables, and need no call */
  constructor(kernel: Kernel, cells: readonly Cell[], parameters: Parameters, assigned: readonly string[]) {
    this.#kernel = kernel;
    this.#names = Object.keys(parameters).filter((name) => !assigned.includes(name));
    this.#calls = cells.filter(callsParams);
  }

  /** To be called before the first cell. */
  async begin(): Promise<void> {
    const several = this.#calls.length > 1 ||
      this.#calls.some((cell) => cell.source.match(/\bparams\b\s*[(<]/g)!.length > 1);
    if (this.#names.length > 0 && several) await this.#kernel.ask(`${moreToCome} = true`);
  }

  /** To be called after each cell: what is wrong, if it was the last that calls params(), or the notebook's last. */
  async after(cell: Cell, last: boolean): Promise<string | undefined> {
    if (this.#names.length === 0) return undefined;
    if (cell !== this.#calls.at(-1) && !(last && this.#calls.length === 0)) return undefined;
    const known = await this.#kernel.ask(`[...${declared} ?? []]`) as string[];
    const untaken = this.#names.filter((name) => !known.includes(name));
    if (untaken.length === 0) return undefined;
    const hints = untaken.map((name) => {
      const near = nearest(name, known);
      return `there is no "${name}"${near === undefined ? "" : ` (did you mean "${near}"?)`}`;
    });
    const there = known.length === 0 ? "params() was not called" : `there are ${quoted(known)}`;
    return `Cannot set the parameters: ${hints.join(", ")}; ${there}`;
  }
}

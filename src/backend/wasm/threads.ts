import { partsOf } from "./image_parts.ts";
import type { Machine } from "./kernel.ts";
import { Pool } from "./threads/pool.ts";

/** Multiplications below which a thread is not worth waking: about 50 microseconds of them. */
const worthwhile = 1_000_000;

/** The threads on which our kernels compute; this one alone, unless more are asked for. */
export class Threads {
  readonly #module: WebAssembly.Module;
  readonly #memory: WebAssembly.Memory;
  readonly #native: Machine["native"];
  #pool: Pool | undefined;

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, native: Machine["native"]) {
    this.#module = module;
    this.#memory = memory;
    this.#native = native;
  }

  /**
   * Computes on so many threads from now on, this one with them; on this one alone where the memory can't be shared.
   * Those that are not needed any more end.
   */
  async use(threads: number): Promise<void> {
    if (!(this.#memory.buffer instanceof SharedArrayBuffer)) return;
    if ((this.#pool?.wanted ?? 1) === threads) return;
    const old = this.#pool;
    this.#pool = threads > 1 ? new Pool(this.#module, this.#memory, Object.keys(this.#native), threads - 1) : undefined;
    await old?.close();
    await this.#pool?.started();
  }

  /** How many compute. */
  get size(): number {
    return this.#pool?.size ?? 1;
  }

  /** See {@linkcode Machine.divide}. */
  divide(things: number, multiplications: number): (readonly [number, number])[] {
    const count = Math.min(this.size, things, Math.floor(multiplications / worthwhile));
    if (count <= 1) return [[0, things]];
    if (things < 32 * count) return partsOf(things, count);
    // Rows are computed four at a time.
    return partsOf(Math.ceil(things / 4), count).map((
      [first, some],
    ) => [4 * first, Math.min(4 * some, things - 4 * first)]);
  }

  /** See {@linkcode Machine.together}. */
  together(name: string, calls: readonly (readonly number[])[]): void {
    const work = this.#native[name]!, pool = this.#pool, size = this.size;
    if (size === 1 || calls.length === 1) return calls.forEach((values) => void work(...values));
    for (let first = 0; first < calls.length; first += size) {
      const [own, ...others] = calls.slice(first, first + size);
      pool!.run(name, others, () => work(...own!));
    }
  }
}

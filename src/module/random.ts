import { createHash } from "node:crypto";
import { type Leaf, leafBrand } from "./leaf.ts";
import type { Value } from "./value.ts";

/**
 * Threefry-2x32 with 20 rounds: two words of a key and two of a counter give two random words.
 * J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
export function threefry(key0: number, key1: number, counter0: number, counter1: number): [number, number] {
  const keys = [key0, key1, 0x1bd11bda ^ key0 ^ key1];
  let x0 = (counter0 + key0) | 0, x1 = (counter1 + key1) | 0;
  for (let round = 0; round < 20; round++) {
    const turn = rotations[round & 7]!;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << turn) | (x1 >>> (32 - turn))) ^ x0;
    if ((round & 3) === 3) {
      const injection = (round >> 2) + 1;
      x0 = (x0 + keys[injection % 3]!) | 0;
      x1 = (x1 + keys[(injection + 1) % 3]! + injection) | 0;
    }
  }
  return [x0 >>> 0, x1 >>> 0];
}
const rotations = [13, 15, 26, 6, 17, 29, 16, 24];

/**
 * A stream of random numbers whose whole state is two numbers: a key, derived from the experiment's seed and the path
 * of the Module that owns it, and a counter. As a public field of a Module it is state; a Session seeds it by its path.
 *
 * @example
 * ```ts
 * import { Random } from "ptutils";
 * const random = new Random(7, "net.dropout_1");
 * const first = random.uniform();
 * random.counter = 0;
 * if (random.uniform() !== first) throw new Error("the counter is the state");
 * ```
 */
export class Random implements Leaf {
  readonly [leafBrand] = true;
  /** 53 bits, from seed and path. */
  key = 0;
  /** How many pairs of words were drawn. */
  counter = 0;

  constructor(seed: number | string = 0, path = "") {
    this.seed(seed, path);
  }

  /** Starts the stream that belongs to this seed and path. */
  seed(seed: number | string, path: string): void {
    const digest = createHash("sha256").update(`${seed}\n${path}`).digest();
    this.key = digest.readUIntBE(0, 6) * 32 + (digest[6]! & 31);
    this.counter = 0;
  }

  /** Another stream of the same family: a function of this one's key and of `name`, not of its counter. */
  fork(name: string | number): Random {
    return new Random(this.key, `${name}`);
  }

  /** The next 32 random bits. One draw is one count: a stream restored at any moment goes on exactly. */
  word(): number {
    return this.words()[0];
  }

  /** The next 64 random bits, as two words. */
  words(): [number, number] {
    const at = this.counter++;
    return threefry(this.key / 2 ** 32 | 0, this.key | 0, at / 2 ** 32 | 0, at | 0);
  }

  /** A number in [0, 1) of 32 bits. */
  uniform(): number {
    return this.word() / 2 ** 32;
  }

  /**
   * A whole number in [0, bound), without bias (bits outside a multiple of the bound are drawn again).
   *
   * @throws {RangeError} a bound that is not a whole number from 1 to 2^32
   */
  below(bound: number): number {
    if (!(Number.isInteger(bound) && bound >= 1 && bound <= 2 ** 32)) {
      throw new RangeError(`Cannot draw a whole number below ${bound}: it takes a whole number from 1 to 2^32`);
    }
    const limit = 2 ** 32 - 2 ** 32 % bound;
    for (;;) {
      const word = this.word();
      if (word < limit) return word % bound;
    }
  }

  /** A standard normal number. G. Box, M. Muller, Ann. Math. Stat. 29 (1958). */
  normal(): number {
    const [a, b] = this.words();
    return Math.sqrt(-2 * Math.log((a + 1) / 2 ** 32)) * Math.cos(2 * Math.PI * b / 2 ** 32);
  }

  /** Fills an array with numbers in [0, 1), two a count: the fast way for a mask. */
  fillUniform(array: Float32Array | Float64Array): void {
    const [key0, key1] = [this.key / 2 ** 32 | 0, this.key | 0];
    for (let i = 0; i < array.length; i += 2) {
      const at = this.counter++;
      const [a, b] = threefry(key0, key1, at / 2 ** 32 | 0, at | 0);
      array[i] = a / 2 ** 32;
      if (i + 1 < array.length) array[i + 1] = b / 2 ** 32;
    }
  }

  /** 0 ... size-1 in random order. R. Fisher, F. Yates; R. Durstenfeld, CACM 7 (1964). */
  permutation(size: number): Uint32Array {
    const order = Uint32Array.from({ length: size }, (_, i) => i);
    for (let i = size - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  read(): Value {
    return { key: this.key, counter: this.counter };
  }

  check(value: Value): string | undefined {
    const { key, counter } = (value ?? {}) as { key?: unknown; counter?: unknown };
    return Number.isSafeInteger(key) && Number.isSafeInteger(counter) ? undefined : "a key and a counter";
  }

  write(value: Value): void {
    ({ key: this.key, counter: this.counter } = value as { key: number; counter: number });
  }
}

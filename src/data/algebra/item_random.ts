import { Random, threefry } from "../../module/random.ts";

/**
 * What gives each item of a pass a stream of random numbers of its own: a function of the random stream's key, the pass
 * and the item's number. It is one object, set anew for each item: what is drawn is drawn before the next is asked for.
 */
export function itemRandom(random: Random, pass: number): (i: number) => Random {
  const own = random.fork(pass), high = own.key / 2 ** 32 | 0, low = own.key | 0;
  return (i) => {
    const [a, b] = threefry(high, low, i / 2 ** 32 | 0, i | 0);
    own.key = a * 2 ** 21 + (b >>> 11); // 53 bits, as every key
    own.counter = 0;
    return own;
  };
}

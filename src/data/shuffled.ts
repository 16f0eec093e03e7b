import { Random } from "../module/random.ts";
import { Sampler } from "./sampler.ts";

/**
 * Every item once a pass, in an order of its own for each pass. The order follows from the seed, the path and the
 * number of the pass alone: nothing in it moves.
 */
export class Shuffled extends Sampler {
  random: Random = new Random();

  override order(size: number, pass = 0): Uint32Array {
    return this.random.fork(pass).permutation(size);
  }
}

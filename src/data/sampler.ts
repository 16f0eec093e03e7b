import { Module } from "../module/module.ts";

/**
 * In which order the items of a data set come: one after the other. Another sampler extends it.
 *
 * @example
 * ```ts
 * import { Sampler } from "ptutils";
 * class Backwards extends Sampler {
 *   override order(size: number): Uint32Array {
 *     return super.order(size).reverse();
 *   }
 * }
 * if (`${new Backwards().order(3)}` !== "2,1,0") throw new Error("unexpected");
 * ```
 */
export class Sampler extends Module {
  /**
   * The items of a pass in their order; it may leave some out, or repeat some. The same `size` and `pass` give the same
   * order, whenever it is asked for: a run that goes on in the middle of a pass asks again.
   *
   * @param size number of items
   * @param _pass how many passes were done before
   */
  order(size: number, _pass = 0): Uint32Array {
    return Uint32Array.from({ length: size }, (_, i) => i);
  }

  override invoke(size: number, pass = 0): Uint32Array {
    return this.order(size, pass);
  }
}

/** Data sets of one's own, as a file that Workers import has them. */
import type { Item } from "../../src/data/batch.ts";
import { Dataset } from "../../src/data/dataset.ts";
import { MapDataset } from "../../src/data/algebra/map_dataset.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import type { Random } from "../../src/module/random.ts";
import { register } from "../../src/module/registry.ts";

/** Adds noise of each item's own. */
export class Noisy extends MapDataset {
  override transform({ input, target }: Item, random: Random): Item {
    return {
      input: new NDArray("float32", input.shape, (input.data as Float32Array).map((x) => x + random.uniform())),
      target,
    };
  }
}

/** Fails at one item. */
export class Failing extends Dataset {
  override readonly size = 64;
  override get(i: number): Item {
    this.checkIndex(i);
    if (i === 37) throw new RangeError(`Cannot decode item ${i}: it is broken; mend it`);
    return { input: new NDArray("float32", [1], [i]), target: 0 };
  }
}

/** Sequences of different lengths: the i-th has i % 5 + 1 rows. */
export class Ragged extends Dataset {
  override readonly size = 23;
  override get(i: number): Item {
    this.checkIndex(i);
    const rows = i % 5 + 1;
    return {
      input: new NDArray("int32", [rows, 2], Array.from({ length: rows * 2 }, (_, j) => i * 100 + j)),
      target: i,
    };
  }
}
register(Noisy, Failing, Ragged);

/** Fails on its own account, a while after it gave an item. */
export class Dying extends Dataset {
  override readonly size = 64;
  override get(i: number): Item {
    if (i === 7) setTimeout(() => Promise.reject(new Error("late failure")));
    return { input: new NDArray("float32", [1], [i]), target: i };
  }
}
register(Dying);

import assert from "node:assert/strict";
import { MapDataset } from "../../src/data/algebra/map_dataset.ts";
import { ArrayDataset } from "../../src/data/array_dataset.ts";
import type { Item } from "../../src/data/batch.ts";
import { DataProvider } from "../../src/data/data_provider.ts";
import { Dataset } from "../../src/data/dataset.ts";
import { FileDataset } from "../../src/data/file_dataset.ts";
import { IterableDataset } from "../../src/data/iterable_dataset.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { testDataset } from "./dataset_contract.ts";

/** Overrides the least that there is to override. */
class Least extends Dataset {
  override readonly size: number = 5;
  override get(i: number): Item {
    this.checkIndex(i);
    return { input: new NDArray("float32", [2], [i, -i]), target: this.target(i) };
  }
  target(i: number): number | NDArray {
    return i * i;
  }
}
testDataset("Dataset with numbers as targets", () => new Least());

class Arrays extends Least {
  override target(i: number): NDArray {
    return new NDArray("float32", [1, 2], [i, 0.5]);
  }
}
testDataset("Dataset with arrays as targets", () => new Arrays());

Deno.test("Dataset: items that differ are named", async () => {
  class Halves extends Least {
    override target = (i: number) => i / 2;
  }
  assert.deepEqual(
    (await new Halves().gather([0, 1])).target,
    new NDArray("float32", [2], [0, 0.5]),
    "one whole target is chance",
  );
  class Wrong extends Halves {
    override get description() {
      const { input } = super.description;
      return { input, target: { shape: [], dtype: "int32" as const } };
    }
  }
  assert.throws(() => new Wrong().gather([0, 2, 3]), {
    name: "TypeError",
    message:
      "Cannot stack the target of item 3 of Wrong: found the number 1.5 where the description says int32 []; make all items alike, or override description",
  });
  class Ragged extends Least {
    override get(i: number): Item {
      return { input: new NDArray("float32", [i + 1]), target: 0 };
    }
  }
  assert.throws(() => new Ragged().gather([0, 1]), /the input of item 1 of Ragged: found float32 \[2\] where .* \[1\]/);
});

Deno.test("Dataset: without size and get it can't be one", () => {
  // @ts-expect-error both are abstract
  class Nothing extends Dataset {}
  assert.throws(() => new Nothing().get(0), TypeError);
});

Deno.test("Dataset: an item that is made of something else is named", () => {
  class Lists extends Least {
    override get(): Item {
      return { input: [1, 2], target: 1 } as never;
    }
  }
  assert.throws(
    () => new Lists().description,
    /^TypeError: Cannot use Lists: the input of item 0 is of Array; give an NDA/,
  );
  assert.deepEqual(new DataProvider({ datasets: { train: new Lists() }, dataLoader: { batchSize: 2 } }).check(), [
    'train: Cannot use Lists: the input of item 0 is of Array; give an NDArray, as new NDArray("float32", [2], [0.5, 1])',
  ]);
});

Deno.test("Dataset: one can go through its items, which makes it ready", async () => {
  let prepared = 0;
  class Late extends Least {
    override prepare = () => Promise.resolve(void prepared++);
  }
  const targets: unknown[] = [];
  for await (const { target } of new Late()) targets.push(target);
  assert.deepEqual([targets, prepared], [[0, 1, 4, 9, 16], 1]);
  const stream = new IterableDataset({ source: () => [{ input: [1, 2], target: 3 }, { input: [[5]], target: [4] }] });
  const items = await Array.fromAsync(stream);
  assert.ok(items[0]!.input.equals(new NDArray("float32", [2], [1, 2])), "numbers in lists are arrays");
  assert.ok((items[1]!.target as NDArray).equals(new NDArray("float32", [1], [4])));
});

Deno.test("Dataset: printed, it tells how many items there are and what they look like", () => {
  assert.equal(Deno.inspect(new Least()), "Least: 5 items, input float32 [2], target int32 []");
  const held = new ArrayDataset({ input: new NDArray("float32", [1, 2], [1, 2]), target: [1], classes: 3 });
  assert.equal(
    Deno.inspect(held),
    "ArrayDataset { input: float32 [1, 2], target: int32 [1], classes: 3 }: 1 item, input float32 [2], target int32 [] of 3 classes",
  );
  const unread = Deno.inspect(new FileDataset({ path: "none.npz", input: "x", target: "y" }));
  assert.match(unread, /^FileDataset \{ path: "none.npz", input: "x", target: "y", .*\}: not ready yet$/);
  const mapped = new MapDataset({
    dataset: new Least(),
    transform: function double(item) {
      return item;
    },
  });
  assert.match(Deno.inspect(mapped), /^MapDataset \{ transform: double \}: 5 items, .*\n {2}dataset: Least/);
});

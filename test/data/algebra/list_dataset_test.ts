import assert from "node:assert/strict";
import { join } from "node:path";
import { stringify } from "../../../src/codec/npz.ts";
import type { Item } from "../../../src/data/batch.ts";
import { ListDataset } from "../../../src/data/algebra/list_dataset.ts";
import { NDArray } from "../../../src/module/ndarray.ts";
import type { Value } from "../../../src/module/value.ts";
import { testDataset } from "../dataset_contract.ts";
import { numbersIn } from "../numbered_items.ts";

const item = (x: Value): Item => ({ input: new NDArray("float32", [1], [Number(x)]), target: Number(x) ** 2 });
testDataset(
  "ListDataset",
  () => new ListDataset({ list: [1, 2, 3, 5], load: item }),
  () => new ListDataset({ list: [], load: item }),
);

Deno.test("ListDataset: files by their names, which take their time", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const names = [3, 4, 5].map((i) => join(folder, `${i}.npz`));
    for (const [i, name] of names.entries()) {
      const arrays = { input: new NDArray("float32", [2], [i, -i]), target: new NDArray("int32", [], [i]) };
      await Deno.writeFile(name, stringify(arrays));
    }
    const dataset = await ListDataset.configure({ list: names });
    assert.deepEqual(dataset.description, {
      input: { shape: [2], dtype: "float32" },
      target: { shape: [], dtype: "int32" },
    });
    assert.deepEqual(numbersIn(await dataset.gather([2, 0, 2])), [2, 0, 2]);
    assert.equal(await dataset.digest(), await (await ListDataset.configure({ list: names })).digest());
    await Deno.writeFile(names[1]!, stringify({ x: new NDArray("float32", [1]) }));
    await assert.rejects(
      async () => await dataset.gather([1]),
      /^TypeError: Cannot take ".*4.npz" as an item: it takes arrays named input and target, found x; give load/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("ListDataset: says what can't be had at once, and what is no entry", async () => {
  const late = new ListDataset({ list: [...Array(40).keys()], load: (x) => Promise.resolve(item(x)) });
  assert.throws(
    () => late.get(0),
    /^TypeError: Cannot get item 0 of ListDataset at once: .*; await its items\(\[0\]\)/,
  );
  await late.prepare();
  assert.equal(late.description.target.dtype, "int32");
  assert.equal(late.get(0).target, 0);
  assert.throws(() => late.get(39), /^TypeError: Cannot get item 39/);
  const wrong = new ListDataset({ list: [{ a: 1 }] });
  await assert.rejects(wrong.prepare(), /^TypeError: .*the entry is \{"a":1\}, no file's name; give load/);
  assert.throws(
    () => new ListDataset({ list: [() => 1] as never }),
    /^TypeError: Cannot configure ListDataset: list\.0/,
  );
});

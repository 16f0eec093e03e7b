import assert from "node:assert/strict";
import fc from "fast-check";
import { Sampler } from "../../src/data/sampler.ts";
import { samplers } from "../../src/data/samplers.ts";
import { Shuffled } from "../../src/data/shuffled.ts";
import { seedTree } from "../../src/module/seed.ts";

for (const [name, type] of Object.entries(samplers)) {
  Deno.test(`${name}: takes every item once, the same way whenever it is asked`, async () => {
    const sampler = new type(), before = await sampler.state();
    fc.assert(fc.property(fc.nat(300), fc.nat(1000), (size, pass) => {
      const order = sampler.order(size, pass);
      assert.deepEqual(order, sampler(size, pass));
      assert.deepEqual([...order].sort((a, b) => a - b), Array.from({ length: size }, (_, i) => i));
    }));
    assert.ok((await sampler.state()).equals(before), "its state doesn't move");
  });
}

Deno.test("Sampler: one after the other", () => {
  assert.deepEqual(new Sampler().order(4, 3), Uint32Array.of(0, 1, 2, 3));
});

Deno.test("Shuffled: the order follows from seed, path and pass", async () => {
  const seeded = (seed: number, path = "dataProvider.sampler") => {
    const sampler = new Shuffled();
    seedTree(sampler, seed, path);
    return sampler;
  };
  const order = `${seeded(7).order(50, 3)}`;
  assert.equal(`${seeded(7).order(50, 3)}`, order);
  assert.notEqual(`${seeded(8).order(50, 3)}`, order, "seed");
  assert.notEqual(`${seeded(7, "other").order(50, 3)}`, order, "path");
  assert.notEqual(`${seeded(7).order(50, 4)}`, order, "pass");
  const restored = new Shuffled();
  await restored.loadState(await seeded(7).state());
  assert.equal(`${restored.order(50, 3)}`, order, "its state is enough");
});

Deno.test("Shuffled: the orders that were", () => {
  const sampler = new Shuffled();
  sampler.random.seed(7, "dataProvider.sampler.random");
  assert.equal(`${sampler.order(10, 0)}`, golden[0]);
  assert.equal(`${sampler.order(10, 1)}`, golden[1]);
});
/** Saved runs go on only as long as these stay. */
const golden = ["9,0,8,1,4,6,2,3,7,5", "7,6,9,8,5,1,2,0,4,3"];

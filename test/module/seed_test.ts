import assert from "node:assert/strict";
import { Module } from "../../src/module/module.ts";
import { Random } from "../../src/module/random.ts";
import { seedTree } from "../../src/module/seed.ts";

class Noise extends Module {
  random = new Random();
  group = { a: new Random(), list: [new Random(), new Random()] };
  other = 1;
}
class Root extends Module {
  noise = new Noise();
  many = [new Noise(), new Noise()];
}

const keys = (root: Root) =>
  [root.noise, ...root.many].flatMap(({ random, group }) => [random, group.a, ...group.list]);

Deno.test("seedTree: each stream gets its own, from the seed and its path", () => {
  const root = new Root();
  root.noise.random.counter = 5;
  seedTree(root, 3);
  assert.equal(root.noise.random.key, new Random(3, "noise.random").key);
  assert.equal(root.noise.random.counter, 0);
  assert.equal(root.many[1]!.group.list[0]!.key, new Random(3, "many.1.group.list.0").key);
  assert.equal(new Set(keys(root).map(({ key }) => key)).size, 12);
});

Deno.test("seedTree: the same seed gives the same, another one another", () => {
  const [one, two, three] = [new Root(), new Root(), new Root()];
  seedTree(one, 3);
  seedTree(two, "3");
  seedTree(three, 4);
  assert.deepEqual(keys(one), keys(two));
  assert.ok(keys(three).every(({ key }, i) => key !== keys(one)[i]!.key));
});

Deno.test("seedTree: a part alone draws what it draws as a part", () => {
  const [root, part] = [new Root(), new Noise()];
  seedTree(root, 3, "trainer");
  seedTree(part, 3, "trainer.many.0");
  assert.equal(part.random.key, root.many[0]!.random.key);
});

import assert from "node:assert/strict";
import { Random, threefry } from "../../src/module/random.ts";

const draw = <T>(n: number, next: () => T): T[] => Array.from({ length: n }, next);
const moments = (numbers: ArrayLike<number>) => {
  const list = Array.from(numbers), mean = list.reduce((a, b) => a + b, 0) / list.length;
  return { mean, variance: list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / list.length };
};

// From kat_vectors of the Random123 distribution, threefry 2x32 with 20 rounds.
Deno.test("random: Threefry-2x32-20 gives the known answers", () => {
  const hex = (...words: [number, number, number, number]) => threefry(...words).map((word) => word.toString(16));
  assert.deepEqual(hex(0, 0, 0, 0), ["6b200159", "99ba4efe"]);
  assert.deepEqual(hex(-1, -1, -1, -1), ["1cb996fc", "bb002be7"]);
  assert.deepEqual(hex(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff), ["1cb996fc", "bb002be7"]);
  assert.deepEqual(hex(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3), ["c4923a9c", "483df7a0"]);
});

Deno.test("random: a stream is a function of seed and path", () => {
  const first = (...input: ConstructorParameters<typeof Random>) =>
    draw(4, new Random(...input).word.bind(new Random(...input)));
  assert.deepEqual(first(7, "a"), first(7, "a"));
  assert.deepEqual(first(7, "a"), first("7", "a"));
  assert.notDeepEqual(first(7, "a"), first(7, "b"));
  assert.notDeepEqual(first(7, "a"), first(8, "a"));
  const keys = draw(1000, () => 0).map((_, i) => new Random(i, "x").key);
  assert.ok(keys.every((key) => Number.isSafeInteger(key) && key >= 0));
  assert.equal(new Set(keys).size, 1000);
  assert.ok(Math.max(...keys) > 2 ** 52, "all 53 bits are used");
});

Deno.test("random: uniform numbers have the moments of uniform ones", () => {
  const random = new Random(1, "uniform");
  const numbers = draw(50_000, () => random.uniform()), { mean, variance } = moments(numbers);
  assert.ok(numbers.every((x) => x >= 0 && x < 1));
  assert.ok(Math.abs(mean - 1 / 2) < 0.005, `${mean}`);
  assert.ok(Math.abs(variance - 1 / 12) < 0.002, `${variance}`);
  const filled = new Float64Array(50_001);
  new Random(2, "fill").fillUniform(filled);
  assert.ok(Math.abs(moments(filled).mean - 1 / 2) < 0.005 && filled.every((x) => x >= 0 && x < 1));
  assert.equal(new Set(filled).size > 49_900, true);
});

Deno.test("random: normal numbers have the moments of normal ones", () => {
  const random = new Random(3, "normal");
  const numbers = draw(50_000, () => random.normal()), { mean, variance } = moments(numbers);
  assert.ok(numbers.every(Number.isFinite));
  assert.ok(Math.abs(mean) < 0.02 && Math.abs(variance - 1) < 0.03, `${mean} ${variance}`);
  const beyond = numbers.filter((x) => Math.abs(x) > 1.959964).length / numbers.length;
  assert.ok(Math.abs(beyond - 0.05) < 0.004, `${beyond}`);
});

Deno.test("random: below is a whole number of the range, each as often", () => {
  const random = new Random(4, "below"), counts = new Array(7).fill(0);
  for (const i of draw(70_000, () => random.below(7))) counts[i]++;
  assert.ok(counts.length === 7 && counts.every((count) => Math.abs(count - 10_000) < 400), `${counts}`);
  assert.equal(random.below(1), 0);
  assert.ok(random.below(2 ** 32) < 2 ** 32);
  for (const bound of [0, -1, 1.5, NaN, 2 ** 32 + 1]) {
    assert.throws(() => random.below(bound), {
      name: "RangeError",
      message: `Cannot draw a whole number below ${bound}: it takes a whole number from 1 to 2^32`,
    });
  }
});

Deno.test("random: a permutation is one, and another each time", () => {
  const random = new Random(5, "permutation");
  const [one, two] = [random.permutation(1000), random.permutation(1000)];
  assert.deepEqual([...one].sort((a, b) => a - b), draw(1000, () => 0).map((_, i) => i));
  assert.notDeepEqual(one, two);
  assert.deepEqual([[...random.permutation(0)], [...random.permutation(1)]], [[], [0]]);
  const firsts = new Set(draw(200, () => `${random.permutation(3)}`));
  assert.equal(firsts.size, 6, "all orders come");
});

Deno.test("random: goes on bit for bit from a key and a counter, whatever was drawn", () => {
  const all = (random: Random) => [
    random.uniform(),
    random.normal(),
    random.below(10),
    ...random.permutation(5),
    ...random.words(),
    (() => {
      const array = new Float32Array(5);
      random.fillUniform(array);
      return [...array].join();
    })(),
    random.word(),
  ];
  const random = new Random(6, "resume");
  all(random);
  const value = random.read();
  assert.deepEqual(Object.keys(value as object), ["key", "counter"]);
  const copy = new Random();
  assert.equal(copy.check(value), undefined);
  copy.write(JSON.parse(JSON.stringify(value)));
  assert.deepEqual(all(copy), all(random));
  assert.deepEqual(copy.read(), random.read());
});

Deno.test("random: counts beyond 32 bits", () => {
  const random = new Random(1),
    at = (counter: number) => {
      random.counter = counter;
      return random.words().join();
    };
  assert.equal(new Set([0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 52].map(at)).size, 6);
});

Deno.test("random: fork depends on the key and the name, not on the counter", () => {
  const random = new Random(7, "parent");
  const [before] = draw(1, () => random.fork("child").word());
  random.permutation(100);
  assert.equal(random.fork("child").word(), before);
  assert.notEqual(random.fork("other").word(), before);
  assert.notEqual(new Random(8, "parent").fork("child").word(), before);
  assert.equal(random.fork(3).key, random.fork("3").key);
  assert.equal(random.fork("x").counter, 0);
});

Deno.test("random: check tells what it takes", () => {
  for (const wrong of [null, undefined, 3, {}, { key: 1 }, { key: 1, counter: 0.5 }, { key: "1", counter: 1 }]) {
    assert.equal(new Random().check(wrong as never), "a key and a counter");
  }
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { of } from "rxjs";
import { TakeDataset } from "../../src/data/algebra/take_dataset.ts";
import { ArrayDataset } from "../../src/data/array_dataset.ts";
import type { Batch } from "../../src/data/batch.ts";
import { DataLoader } from "../../src/data/data_loader.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { Sampler } from "../../src/data/sampler.ts";
import { Shuffled } from "../../src/data/shuffled.ts";
import { NDArray } from "../../src/module/ndarray.ts";

/** Items whose input and target are their own number. */
const numbers = (size: number): Dataset => {
  const own = Array.from({ length: size }, (_, i) => i);
  return new ArrayDataset({ input: new NDArray("float32", [size], own), target: own });
};

/** The items of at most `most` batches, and whether the end came. */
async function draw(batches: AsyncIterable<Batch>, most = Infinity): Promise<{ drawn: string[]; ended: boolean }> {
  const drawn: string[] = [];
  if (most === 0) return { drawn, ended: false };
  for await (const { input, target, index, size } of batches) {
    assert.equal(size, index.length);
    assert.deepEqual([[...input.data], [...target.data]], [[...index], [...index]]);
    if (drawn.push(`${index}`) === most) return { drawn, ended: false };
  }
  return { drawn, ended: true };
}

Deno.test("DataLoader: stopped anywhere, any number of times, it goes on with the same batches", async () => {
  const cases = fc.record({
    size: fc.integer({ min: 1, max: 40 }),
    batch: fc.integer({ min: 1, max: 40 }),
    dropLast: fc.boolean(),
    limit: fc.option(fc.integer({ min: 1, max: 50 })),
    stops: fc.array(fc.nat(6), { maxLength: 12 }),
  });
  const law = fc.asyncProperty(cases, async ({ size, batch, dropLast, limit, stops }) => {
    const options = { batchSize: Math.min(batch, size, limit ?? size), dropLast, limit };
    const dataset = numbers(size), sampler = new Shuffled();
    const whole = new DataLoader(options), wanted: string[] = [], found: string[] = [];
    for (let pass = 0; pass < 3; pass++) wanted.push(...(await draw(whole.iterate(dataset, { sampler }))).drawn, "end");
    let loader = new DataLoader(options);
    for (let round = 0; loader.pass < 3; round++) {
      const { drawn, ended } = await draw(loader.iterate(dataset, { sampler }), stops[round]);
      found.push(...drawn, ...(ended ? ["end"] : []));
      const state = await loader.state();
      // Every other time in the same process, else as after a kill.
      if (round % 2 === 0) await (loader = new DataLoader(options)).loadState(state);
    }
    assert.deepEqual(found, wanted);
    assert.ok((await loader.state()).equals(await whole.state()));
  });
  await fc.assert(law, { numRuns: 300, verbose: 1 });
});

Deno.test("DataLoader: a pass has every item once, in an order of its own", async () => {
  const loader = new DataLoader({ batchSize: 4 }), dataset = numbers(10);
  loader.use(() => shuffled);
  const shuffled = new Shuffled();
  const passes = [await draw(loader.iterate(dataset)), await draw(loader(dataset))].map(({ drawn }) => drawn.join());
  for (const pass of passes) {
    assert.equal(pass.split(",").map(Number).sort((a, b) => a - b).join(), "0,1,2,3,4,5,6,7,8,9");
  }
  assert.notEqual(passes[0], passes[1]);
  loader.rewind();
  assert.equal((await draw(loader.iterate(dataset))).drawn.join(), passes[0], "rewound, the first again");
  loader.rewind(1);
  assert.equal((await draw(loader.iterate(dataset))).drawn.join(), passes[1]);
});

Deno.test("DataLoader: a batch counts from when it is handed out", async () => {
  const loader = new DataLoader({ batchSize: 4 }), seen: number[][] = [];
  for await (const { size } of loader.iterate(numbers(10))) seen.push([size, loader.position, loader.pass]);
  assert.deepEqual(seen, [[4, 4, 0], [4, 8, 0], [2, 10, 0]]);
  assert.deepEqual([loader.position, loader.pass], [0, 1]);
});

Deno.test("DataLoader: an item that can't be had moves nothing", async () => {
  const loader = new DataLoader({ batchSize: 4 }), broken = numbers(10);
  const gather = broken.gather.bind(broken);
  Object.defineProperty(broken, "gather", {
    value: (index: Uint32Array) => index.includes(5) ? assert.fail("no item 5") : gather(index),
  });
  await assert.rejects(draw(loader.iterate(broken)), /no item 5/);
  assert.deepEqual([loader.position, loader.pass], [4, 0]);
});

Deno.test("DataLoader: untracked, everything in order from the start, moving nothing, also in the middle of a pass", async () => {
  const loader = new DataLoader({ batchSize: 4, dropLast: true, limit: 8 }), dataset = numbers(10);
  loader.use(() => new Shuffled());
  for await (const _ of loader.iterate(dataset)) {
    const before = await loader.state();
    const validation = loader.iterate(dataset, { tracked: false });
    assert.deepEqual((await draw(validation)).drawn, ["0,1,2,3", "4,5,6,7", "8,9"]);
    assert.equal(validation.resumable, false);
    assert.ok((await loader.state()).equals(before));
  }
  assert.deepEqual([loader.position, loader.pass], [0, 1]);
  assert.deepEqual((await draw(loader.iterate(numbers(2), { tracked: false }))).drawn, ["0,1"], "smaller than a batch");
});

Deno.test("DataLoader: dropLast and limit shorten a tracked pass", async () => {
  const sizes = async (options: object) =>
    (await draw(new DataLoader({ batchSize: 4, ...options }).iterate(numbers(10)))).drawn.map((b) =>
      b.split(",").length
    );
  assert.deepEqual(await sizes({}), [4, 4, 2]);
  assert.deepEqual(await sizes({ dropLast: true }), [4, 4]);
  assert.deepEqual(await sizes({ limit: 7 }), [4, 3]);
  assert.deepEqual(await sizes({ limit: 7, dropLast: true }), [4]);
  assert.deepEqual(await sizes({ limit: 100 }), [4, 4, 2]);
});

Deno.test("DataLoader: batchSize may be assigned while it runs", async () => {
  const loader = new DataLoader({ batchSize: 2 }), drawn: string[] = [];
  for await (const { index } of loader.iterate(numbers(10))) {
    drawn.push(`${index}`);
    loader.batchSize = 3;
  }
  assert.deepEqual(drawn, ["0,1", "2,3,4", "5,6,7", "8,9"]);
  loader.batchSize = 0;
  await assert.rejects(draw(loader.iterate(numbers(10))), /^RangeError: .*batchSize is 0; set it to a whole number/);
});

Deno.test("DataLoader: a state loaded in the middle of an iteration is where it goes on", async () => {
  const loader = new DataLoader({ batchSize: 2 }), dataset = numbers(6), sampler = new Shuffled(), drawn: string[] = [];
  for await (const { index } of loader.iterate(dataset, { sampler })) {
    drawn.push(`${index}`);
    if (drawn.length === 1) loader.rewind(5);
  }
  assert.equal(drawn.slice(1).join(), `${sampler.order(6, 5)}`);
  assert.equal(loader.pass, 6);
});

Deno.test("DataLoader: a newer tracked iteration ends an older one", async () => {
  const loader = new DataLoader({ batchSize: 2 }), dataset = numbers(6);
  const older = loader.iterate(dataset)[Symbol.asyncIterator]();
  await older.next();
  assert.deepEqual((await draw(loader.iterate(dataset))).drawn, ["2,3", "4,5"]);
  await assert.rejects(older.next(), /^TypeError: Cannot go on .*a newer one has taken its place; iterate with/);
  assert.deepEqual([loader.position, loader.pass], [0, 1]);
});

Deno.test("DataLoader: batches can be kept", async () => {
  const loader = new DataLoader({ batchSize: 2 }), kept: Batch[] = [];
  for await (const batch of loader.iterate(numbers(6))) kept.push(batch);
  assert.deepEqual(kept.flatMap(({ input }) => [...input.data]), [0, 1, 2, 3, 4, 5]);
  const buffers = kept.flatMap(({ input, target, index }) => [input.data.buffer, target.data.buffer, index.buffer]);
  assert.equal(new Set(buffers).size, 9);
});

Deno.test("DataLoader: says why it can't iterate", async () => {
  const loader = new DataLoader({ batchSize: 4 });
  const empty = new ArrayDataset({ input: new NDArray("float32", [0]), target: [] });
  for (const tracked of [true, false]) {
    await assert.rejects(
      draw(loader.iterate(empty, { tracked })),
      /^RangeError: .* over ArrayDataset: it is empty; check/,
    );
  }
  const expected = /^RangeError: .*batchSize is 4, but a pass has only 3 items; set batchSize to 3 or less/;
  await assert.rejects(draw(loader.iterate(numbers(3))), expected);
  await assert.rejects(draw(new DataLoader({ batchSize: 4, limit: 3 }).iterate(numbers(30))), expected);
  class Nobody extends Sampler {
    override order = () => new Uint32Array();
  }
  await assert.rejects(draw(loader.iterate(numbers(9), { sampler: new Nobody() })), /Nobody took none of its 9 items/);
  assert.throws(() => loader.rewind(-1), /^RangeError: Cannot rewind DataLoader to pass -1/);
  assert.throws(
    () => new DataLoader({ batchSize: 0 }),
    /^TypeError: Cannot configure DataLoader: batchSize: .*found 0/,
  );
});

Deno.test("DataLoader: makes a data set ready, once, and says what is none", async () => {
  let prepared = 0;
  class Late extends TakeDataset {
    override async prepare() {
      prepared++;
      await super.prepare();
    }
  }
  const dataset = new Late({ dataset: numbers(6), count: 4 }), loader = new DataLoader({ batchSize: 2 });
  for (let pass = 0; pass < 3; pass++) assert.equal((await draw(loader.iterate(dataset))).drawn.length, 2);
  await draw(loader.iterate(dataset, { tracked: false }));
  assert.equal(prepared, 1);
  const none: [unknown, RegExp][] = [
    [function* () {}, /give new IterableDataset\(\{ source \}\)/],
    [of(1), /Observable: it is no Dataset; give new ObservableDataset/],
    [[{ a: 1 }], /Array: it is no Dataset; give new RowDataset/],
    [undefined, /undefined: it is no Dataset; give one/],
  ];
  for (const [found, message] of none) assert.throws(() => loader.iterate(found as never), message);
});

Deno.test("DataLoader: data smaller than a batch that dropLast leaves out are told as that", async () => {
  const few = new ArrayDataset({ input: [[1], [2]], target: [0, 1] });
  await assert.rejects(
    Array.fromAsync(new DataLoader({ dropLast: true }).iterate(few)),
    /^RangeError: Cannot iterate over ArrayDataset: .*fewer items than batchSize \(32\), and dropLast leaves them out/,
  );
});

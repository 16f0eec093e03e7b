import assert from "node:assert/strict";
import { from, lastValueFrom, scan, toArray } from "rxjs";
import "../../src/codec/codecs.ts";
import { History } from "../../src/module/history.ts";
import { Statistic, type StatisticFields } from "../../src/module/statistic.ts";

const train = (step: number, values: Record<string, number>, more: Partial<StatisticFields> = {}) =>
  new Statistic({ phase: "train", step, epoch: 1, samples: step * 10, time: step / 4, values, ...more });
const of = (...statistics: Statistic[]) => statistics.reduce(History.append, History.empty);
const y = (history: History, name: string) => [...history.series(name).y];

function twoEpochs(): History {
  return of(
    train(1, { loss: 4, acc: 0.1 }, { size: 3 }),
    train(2, { loss: 2, acc: 0.2 }, { size: 1 }),
    new Statistic({ phase: "validation", step: 2, epoch: 1, samples: 20, values: { loss: 3 } }),
    train(3, { loss: 1, acc: 0.4 }, { size: 3, epoch: 2 }),
    train(4, { loss: 0, acc: 0.3 }, { size: 2, epoch: 2 }),
    new Statistic({ phase: "validation", step: 4, epoch: 2, samples: 40, values: { loss: 5 } }),
  );
}

Deno.test("statistic: is frozen, has defaults, and can be seen from further up", () => {
  const statistic = train(1, { loss: 2 });
  assert.deepEqual({ ...statistic }, {
    path: "",
    phase: "train",
    step: 1,
    epoch: 1,
    samples: 10,
    size: 1,
    time: 0.25,
    values: { loss: 2 },
  });
  assert.ok(Object.isFrozen(statistic) && Object.isFrozen(statistic.values));
  const above = statistic.at("trainer");
  assert.deepEqual([above.path, above.values.loss, statistic.path], ["trainer", 2, ""]);
  assert.equal(statistic.at(""), statistic);
  assert.deepEqual(new Statistic(above.toJSON() as unknown as StatisticFields), above);
});

Deno.test("history: append is a scan whose every step stays as it was", async () => {
  const statistics = [3, 2, 1].map((loss, i) => train(i + 1, { loss }));
  const all = await lastValueFrom(from(statistics).pipe(scan(History.append, History.empty), toArray()));
  assert.deepEqual(all.map((history) => y(history, "train/loss")), [[3], [3, 2], [3, 2, 1]]);
  assert.deepEqual(all.map(({ length }) => length), [1, 2, 3]);
  assert.equal(History.empty.length, 0);
  assert.deepEqual([...all[2]!], statistics);
});

Deno.test("history: two branches from the same History are both right", () => {
  const root = of(train(1, { loss: 1 }), train(2, { loss: 2 }));
  const left = History.append(root, train(3, { loss: 30 }));
  const right = History.append(root, train(3, { loss: 33 }));
  const longer = History.append(History.append(left, train(4, { loss: 40 })), train(5, { loss: 50 }));
  const again = History.append(root.slice(1), train(2, { loss: 22 }));
  assert.deepEqual(y(left, "train/loss"), [1, 2, 30]);
  assert.deepEqual(y(right, "train/loss"), [1, 2, 33]);
  assert.deepEqual(y(longer, "train/loss"), [1, 2, 30, 40, 50]);
  assert.deepEqual(y(again, "train/loss"), [1, 22]);
  assert.deepEqual(y(root, "train/loss"), [1, 2]);
});

Deno.test("history: slice takes the first, of every series", () => {
  const history = twoEpochs(), first = history.slice(4);
  assert.deepEqual([first.length, y(first, "train/loss"), y(first, "validation/loss")], [4, [4, 2, 1], [3]]);
  assert.deepEqual(history.slice(2).names, ["train/loss", "train/acc"]);
  assert.ok(history.slice(99).equals(history));
  assert.equal(history.slice(-1).length, 0);
  assert.deepEqual([...history.slice(4)], [...history].slice(0, 4));
});

Deno.test("history: series by step, time, samples and epoch, with epoch means weighted by size", () => {
  const history = twoEpochs();
  assert.deepEqual(history.names, ["train/loss", "train/acc", "validation/loss"]);
  const numbers = (...list: number[]) => new Float64Array(list);
  assert.deepEqual(history.series("train/loss"), {
    name: "train/loss",
    by: "step",
    x: numbers(1, 2, 3, 4),
    y: numbers(4, 2, 1, 0),
    step: numbers(1, 2, 3, 4),
    epoch: numbers(1, 1, 2, 2),
  });
  assert.deepEqual(history.series("train/loss", { by: "time" }).x, numbers(0.25, 0.5, 0.75, 1));
  assert.deepEqual(history.series("validation/loss", { by: "samples" }).x, numbers(20, 40));
  const epochs = history.series("train/loss", { by: "epoch" });
  assert.deepEqual([epochs.x, epochs.y, epochs.step], [numbers(1, 2), numbers(3.5, 0.6), undefined]);
  assert.deepEqual(history.series["train/acc"]!.y, numbers(0.1, 0.2, 0.4, 0.3));
  assert.deepEqual(Object.keys(history.series), history.names, "names complete");
  assert.deepEqual(history.series("train/nothing").y, numbers());
  assert.deepEqual(history.series("test/loss", { by: "epoch" }).y, numbers());
});

Deno.test("history: best and last, with their places", () => {
  const history = twoEpochs();
  assert.deepEqual(history.best("train/loss"), { value: 0, step: 4, epoch: 2 });
  assert.deepEqual(history.best("train/acc", "max"), { value: 0.4, step: 3, epoch: 2 });
  assert.deepEqual(history.last("train/loss"), { value: 0, step: 4, epoch: 2 });
  assert.deepEqual(history.last("validation/loss"), { value: 5, step: 4, epoch: 2 });
  assert.equal(history.last("train/nothing"), undefined);
  assert.equal(History.empty.last("train/loss"), undefined);
  const holes = of(...[NaN, 2, 1, 1, NaN].map((loss, i) => train(i, { loss })));
  assert.deepEqual(holes.best("train/loss"), { value: 1, step: 2, epoch: 1 }, "the earliest of equals, never NaN");
  assert.throws(() => of(train(1, { loss: NaN })).best("train/loss"), {
    name: "RangeError",
    message: 'Cannot find the best "train/loss": it has no finite value',
  });
  assert.throws(() => history.best("train/los"), {
    name: "RangeError",
    message: 'Cannot find the best "train/los": did you mean "train/loss"?',
  });
});

Deno.test("history: layouts may change in mid-run, and back: series stay in order", () => {
  const history = of(
    train(1, { loss: 1 }),
    train(2, { loss: 2, acc: 20 }),
    train(3, { loss: 3 }),
    train(4, { acc: 40, loss: 4 }),
    train(5, { loss: 5 }, { path: "other" }),
    train(6, { loss: 6 }, { epoch: 2 }),
  );
  assert.deepEqual(y(history, "train/loss"), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...history.series("train/loss").x], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...history.series("train/loss", { by: "epoch" }).y], [3, 6]);
  assert.deepEqual([...history.series("train/acc").x], [2, 4]);
  assert.deepEqual(history.last("train/acc"), { value: 40, step: 4, epoch: 1 });
  assert.deepEqual(history.last("train/loss")?.value, 6);
  assert.deepEqual([...history].map(({ values }) => values.loss), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(y(history.slice(3), "train/loss"), [1, 2, 3]);
});

Deno.test("history: a value may be named like a column", () => {
  const values = { time: 70, step: 71, epoch: 72, size: 73, samples: 74, index: 75 };
  const history = of(train(1, values));
  assert.deepEqual([...history][0]!.values, values);
  for (const [name, value] of Object.entries(values)) assert.deepEqual(y(history, `train/${name}`), [value]);
  assert.deepEqual(history.last("train/time"), { value: 70, step: 1, epoch: 1 });
  assert.ok(History.fromValue(history.toValue()).equals(history));
});

Deno.test("history: equals knows all but the time", () => {
  const one = twoEpochs();
  assert.ok(one.equals(of(...[...one].map((s) => new Statistic({ ...s, time: 99 })))));
  assert.ok(one.equals(of(...[...one].map((s) => new Statistic({ ...s, values: { ...s.values } })))));
  assert.ok(of(train(1, { loss: NaN })).equals(of(train(1, { loss: NaN }))));
  for (const change of [{ step: 9 }, { epoch: 9 }, { samples: 9 }, { size: 9 }, { phase: "test" }, { path: "x" }]) {
    const other = of(...[...one].map((s, i) => new Statistic({ ...s, ...(i === 3 ? change : {}) })));
    assert.ok(!one.equals(other), Object.keys(change)[0]!);
  }
  assert.ok(!one.equals(one.slice(5)));
  assert.ok(!of(train(1, { loss: 0 })).equals(of(train(1, { loss: -0 }))));
});

const formats = "json yaml npz safetensors h5 lmdb tfrecords pkl csv tsv parquet arrow feather".split(" ");
for (const extension of formats) {
  Deno.test(`history: comes back from .${extension}, time included`, async () => {
    const folder = await Deno.makeTempDir(), path = `${folder}/history.${extension}`;
    const history = of(...twoEpochs(), train(5, { loss: NaN, "odd name,": -0 }, { path: "trainer.looper" }));
    await history.write(path);
    const read = await History.read(path);
    assert.ok(read.equals(history));
    assert.deepEqual([...read], [...history]);
    assert.ok(History.append(read, train(6, { loss: 1 })).equals(History.append(history, train(6, { loss: 1 }))));
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("history: of a slice, only its part is kept; what is no History is refused", () => {
  const value = twoEpochs().slice(3).toValue();
  assert.deepEqual([...History.fromValue(value)], [...twoEpochs()].slice(0, 3));
  assert.ok(History.fromValue(History.empty.toValue()).equals(History.empty));
  assert.throws(() => History.fromValue({ format: "other" }), {
    name: "SyntaxError",
    message: "Cannot read a History: found a record of format other; it is what History.write writes",
  });
  assert.throws(() => History.fromValue(null), SyntaxError);
});

Deno.test("history: as comma-separated text, by call and by file", async () => {
  const text = [
    "step,epoch,samples,time,phase,train/loss,train/acc,validation/loss",
    "1,1,10,0.25,train,4,0.1,",
    "2,1,20,0.5,train,2,0.2,",
    "2,1,20,0,validation,,,3",
    "",
  ].join("\n");
  const history = twoEpochs().slice(3);
  assert.equal(history.toCSV(), text);
  const folder = await Deno.makeTempDir();
  await history.write(`${folder}/history.csv`);
  const lines = ['"",train,1,1,10,3,0.25,4,0.1', '"",train,2,1,20,1,0.5,2,0.2', '"",validation,2,1,20,1,0,3,', ""];
  const names = "path,phase,step,epoch,samples,size,time,loss,acc";
  assert.equal(await Deno.readTextFile(`${folder}/history.csv`), [names, ...lines].join("\n"));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("history: a hundred thousand statistics are appended, read and sliced at the cost of as many pushes", () => {
  const start = performance.now();
  let history = History.empty;
  for (let i = 0; i < 100_000; i++) history = History.append(history, train(i, { loss: i, acc: -i }));
  const middle = history.slice(50_000);
  assert.equal(history.series("train/loss").y.reduce((sum, loss) => sum + loss, 0), 4_999_950_000);
  assert.deepEqual(middle.last("train/loss"), { value: 49_999, step: 49_999, epoch: 1 });
  assert.deepEqual(history.best("train/acc"), { value: -99_999, step: 99_999, epoch: 1 });
  assert.equal(middle.series("train/acc", { by: "epoch" }).y[0], -24_999.5);
  const took = performance.now() - start;
  assert.ok(took < 15_000, `${took} ms`); // far less, also on a busy machine; copies would take longer
});

Deno.test("history: prints its series", () => {
  assert.equal(
    Deno.inspect(twoEpochs().slice(3)),
    "History of 3 statistics\n  train/loss: 2 values, last 2\n  train/acc: 2 values, last 0.2\n  validation/loss: 1 values, last 3",
  );
});

Deno.test("history: an unknown axis is refused; a plain record without a size weighs as one sample", () => {
  const plain = { path: "", phase: "train", step: 1, epoch: 1, samples: 1, time: 0, values: { loss: 3 } };
  const history = History.append(History.empty, plain as never);
  assert.deepEqual([...history.series("train/loss", { by: "epoch" }).y], [3]);
  assert.throws(
    () => history.series("train/loss", { by: "epochs" as never }),
    /^RangeError: Cannot give "train\/loss" by "epochs": did you mean "epoch"/,
  );
});

Deno.test("history: what came since a length is what the whole has from there", () => {
  const history = twoEpochs(), all = [...history];
  for (let length = 0; length <= all.length; length++) assert.deepEqual([...history.since(length)], all.slice(length));
  assert.deepEqual([...history.slice(4).since(2)], all.slice(2, 4));
});

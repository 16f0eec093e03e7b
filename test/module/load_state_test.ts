import assert from "node:assert/strict";
import { Callback } from "../../src/module/callback.ts";
import { Module } from "../../src/module/module.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { Random } from "../../src/module/random.ts";
import { State } from "../../src/module/state.ts";
import type { Value } from "../../src/module/value.ts";

const array = (...numbers: number[]) => new NDArray("float32", [numbers.length], numbers);

class Layer extends Module {
  kernel = array(0);
  bias: Value = 0;
}
class Net extends Module {
  dense_1 = new Layer();
  dense_2 = new Layer();
}
class Model extends Module {
  net = new Net();
  layers = [new Layer(), new Layer()];
  heads = { a: new Layer(), b: new Layer() };
  epoch = 0;
  random = new Random(1, "model");
  masks = { input: new Random(1, "input"), hidden: [new Random(1, "h0"), new Random(1, "h1")] };
}
const layer = (bias: Value) => new State({ kernel: array(1), bias });
const dense = (bias: Value) => new State({ dense_1: layer(bias), dense_2: layer(bias) });

async function unchanged(model: Module, load: () => Promise<unknown>, error: object | RegExp): Promise<void> {
  const before = (await model.state()).digest();
  await assert.rejects(load(), error as object);
  assert.equal((await model.state()).digest(), before, "nothing changed");
}

Deno.test("loadState: names every unknown and missing key at once, with the nearest names", async () => {
  const model = new Model(), state = await model.state();
  const { epoch: _, net: __, heads: ___, ...rest } = { ...state };
  const broken = {
    ...rest,
    epoh: 3,
    net: new State({ dense_1: new State({ kernel: array(1) }), dense2: layer(1), dense_2: layer(1) }),
    heads: { a: layer(1), c: layer(2) },
    layers: [layer(1)],
  };
  await unchanged(model, () => model.loadState(broken as never), {
    name: "TypeError",
    message: 'Cannot load the state of Model: unknown "epoh", did you mean "epoch"?; missing "epoch"; ' +
      'unknown "net.dense2", did you mean "dense_2"?; missing "net.dense_1.bias"; missing "layers.1"; ' +
      'unknown "heads.c", did you mean "a"?; missing "heads.b"',
  });
});

Deno.test("loadState: strict false loads what fits and reports the rest", async () => {
  const model = new Model();
  const report = await model.loadState({ epoch: 4, extra: 1, heads: { a: layer(5), c: layer(6) } }, { strict: false });
  assert.deepEqual(report, {
    loaded: ["epoch", "heads.a.kernel", "heads.a.bias"],
    skipped: [],
    unknown: ["extra", "heads.c"],
    missing: ["random", "masks", "net", "layers", "heads.b"],
  });
  assert.equal(model.epoch, 4);
  assert.equal(model.heads.a.bias, 5);
  assert.equal(model.heads.b.bias, 0);
});

Deno.test("loadState: nothing changes when anything is of the wrong kind, strict or not", async () => {
  const model = new Model();
  const state: Record<string, unknown> = { ...await model.state(), epoch: 9, net: dense(9) };
  const cases: [Record<string, unknown>, string][] = [
    [{ heads: { a: layer(1), b: 3 } }, '"heads.b" is a Layer, found number'],
    [{ layers: 3 }, '"layers" holds Modules, found number'],
    [{ net: array(1) }, '"net" is a Net, found array float32 [1]'],
    [{ epoch: "9" }, '"epoch" takes a number, found string'],
    [{ epoch: new Date(0) }, '"epoch" takes a number, found date'],
    [{ random: { key: 1 } }, '"random" takes a key and a counter, found record'],
    [{ random: undefined }, '"random" takes a key and a counter, found nothing'],
    [{ masks: { ...state.masks as object, input: 3 } }, '"masks.input" takes a key and a counter, found number'],
    [{ masks: 3 }, '"masks" takes a record, found number'],
  ];
  for (const [wrong, what] of cases) {
    const message = `Cannot load the state of Model: ${what}`;
    await unchanged(model, () => model.loadState({ ...state, ...wrong } as never), { name: "TypeError", message });
    await unchanged(model, () => model.loadState({ ...state, ...wrong } as never, { strict: false }), { message });
  }
  await unchanged(model, () => model.loadState(3 as never), {
    message: "Cannot load the state of Model: found number; it takes a State",
  });
  await unchanged(model, () => model.loadState([] as never), /found list; it takes a State/);
});

Deno.test("loadState: a date field takes no record; an empty field takes anything", async () => {
  class Dated extends Module {
    when: Value = new Date(0);
    open: Value = null;
  }
  const dated = new Dated();
  await assert.rejects(dated.loadState({ when: { a: 1 }, open: 1 }), /"when" takes a date, found record/);
  await dated.loadState({ when: new Date(5), open: { a: 1 } });
  assert.deepEqual([dated.when, dated.open], [new Date(5), { a: 1 }]);
});

Deno.test("loadState: leaves in groups: unknown and missing ones are named too", async () => {
  const model = new Model(), state = await model.state();
  const masks = { inptu: { key: 1, counter: 1 }, hidden: [{ key: 1, counter: 1 }] };
  await unchanged(model, () => model.loadState({ ...state, masks } as never), {
    message: 'Cannot load the state of Model: unknown "masks.inptu", did you mean "input"?; ' +
      'missing "masks.input"; missing "masks.hidden.1"',
  });
  const report = await model.loadState({ masks } as never, { only: ["masks"], strict: false });
  assert.deepEqual(report.loaded, ["masks.hidden.0"]);
  assert.deepEqual(report.missing, ["masks.input", "masks.hidden.1"]);
  assert.equal(model.masks.hidden[0]!.counter, 1);
});

Deno.test("loadState: only, by paths and by a regular expression", async () => {
  const state = new State({
    ...await new Model().state(),
    net: dense(3),
    heads: { a: layer(3), b: layer(3) },
    alien: 1,
  });
  const some = new Model();
  const report = await some.loadState(state, { only: ["net.dense_1", "heads.b.bias"] });
  assert.deepEqual(report.loaded, ["net.dense_1.kernel", "net.dense_1.bias", "heads.b.bias"]);
  assert.deepEqual([report.unknown, report.missing], [[], []]);
  assert.ok(report.skipped.includes("net.dense_2.bias") && report.skipped.includes("alien"));
  assert.deepEqual([some.net.dense_1.bias, some.net.dense_2.bias, some.heads.b.bias, some.heads.a.bias], [3, 0, 3, 0]);
  const biases = new Model();
  await biases.loadState(state, { only: /^net\..*bias$/g });
  assert.deepEqual([biases.net.dense_1.bias, biases.net.dense_2.bias, biases.heads.a.bias], [3, 3, 0]);
  assert.equal(biases.net.dense_1.kernel.data[0], 0);
  await new Model().loadState(new State({ epoch: 1 }), { only: ["epoch"] });
});

Deno.test("loadState: only, for what is not there, is an error and not nothing", async () => {
  const model = new Model(), state = await model.state();
  await unchanged(model, () => model.loadState(state, { only: ["net.dense_3", "epoch"] }), {
    message: 'Cannot load the state of Model: missing "net.dense_3"',
  });
  await unchanged(model, () => model.loadState(new State({ epoch: 2 }), { only: ["net.dense_1"] }), {
    message: 'Cannot load the state of Model: missing "net.dense_1"',
  });
  class Empty extends Module {}
  class Holder extends Module {
    empty = new Empty();
  }
  const report = await new Holder().loadState(await new Holder().state(), { only: ["empty"] });
  assert.deepEqual(report, { loaded: [], skipped: [], unknown: [], missing: [] });
});

Deno.test("loadState: rename of values, of whole subtrees, into others and out of them", async () => {
  const net = new Net();
  const foreign = new State({ encoder: new State({ first: layer(1) }), dense_2: new State({ w: array(7), bias: 2 }) });
  const before = foreign.digest();
  const report = await net.loadState(foreign, {
    rename: { "encoder.first": "dense_1", "dense_2.w": "dense_2.kernel" },
  });
  assert.deepEqual(report.loaded, ["dense_1.kernel", "dense_1.bias", "dense_2.kernel", "dense_2.bias"]);
  assert.equal(net.dense_1.bias, 1);
  assert.equal(net.dense_2.kernel.data[0], 7);
  assert.equal(foreign.digest(), before, "what was given is not changed");

  const moved = new Model(), plain = await moved.state();
  const flat = new State({ ...plain, net: new State({ dense_1: layer(4) }), late: layer(6) });
  const digest = flat.digest();
  await moved.loadState(flat, { rename: { late: "net.dense_2" } });
  assert.deepEqual([moved.net.dense_1.bias, moved.net.dense_2.bias], [4, 6]);
  assert.equal(flat.digest(), digest, "what was given is not changed");
  const listed = new State({ ...plain, layers: [layer(1)], second: layer(2) });
  await moved.loadState(listed, { rename: { second: "layers.1" } });
  assert.deepEqual(moved.layers.map((layer) => layer.bias), [1, 2]);
});

class Patience extends Callback {
  best = Infinity;
}
class Alarm extends Callback {
  seen = 0;
}

Deno.test("loadState: callbacks' state waits for a callback that is registered later", async () => {
  const one = new Net();
  const [patience, alarm, second] = [new Patience(), new Alarm(), new Alarm()];
  for (const callback of [patience, alarm, second]) one.callbacks.register(callback);
  [patience.best, alarm.seen, second.seen] = [0.25, 3, 4];
  const state = await one.state();
  assert.deepEqual(state.children().slice(2), ["callbacks.Patience", "callbacks.Alarm", "callbacks.Alarm_2"]);
  const other = new Net(), early = new Alarm();
  other.callbacks.register(early);
  const report = await other.loadState(state);
  assert.ok(report.loaded.includes("callbacks.Alarm.seen"));
  assert.equal(early.seen, 3);
  const [late, latePatience] = [new Alarm(), new Patience()];
  other.callbacks.register(latePatience);
  other.callbacks.register(late);
  assert.deepEqual([latePatience.best, late.seen], [0.25, 4]);
  const third = new Patience();
  other.callbacks.register(third);
  assert.equal(third.best, Infinity, "a state is given once");
});

Deno.test("loadState: a failed load leaves nothing waiting for callbacks", async () => {
  const net = new Net();
  const callbacks = { Patience: new State({ best: 1 }) };
  await assert.rejects(net.loadState({ dense_1: layer(1), callbacks } as never), /missing "dense_2"/);
  const patience = new Patience();
  net.callbacks.register(patience);
  assert.equal(patience.best, Infinity);
  const partly = new Net(), other = new Patience();
  const state = new State({ dense_1: layer(1), dense_2: layer(1), callbacks });
  const report = await partly.loadState(state, { only: ["dense_1"] });
  assert.ok(report.skipped.includes("callbacks.Patience"));
  partly.callbacks.register(other);
  assert.equal(other.best, Infinity, "it was not wanted");
});

Deno.test("loadState: a callback that a waiting state does not fit is not registered", async () => {
  const net = new Net();
  const state = new State({ dense_1: layer(1), dense_2: layer(1), callbacks: { Patience: new State({ bst: 1 }) } });
  await net.loadState(state);
  assert.throws(() => net.callbacks.register(new Patience()), /Cannot load the state of Patience: unknown "bst"/);
  assert.equal(net.callbacks.size, 0);
});

Deno.test("loadState: beforeLoad can make what a state is about to fill", async () => {
  class Lazy extends Module {
    layers: Record<string, Layer> = {};
    override beforeLoad(nodes: Record<string, unknown>) {
      for (const name of Object.keys(nodes.layers as object)) this.layers[name] ??= new Layer();
    }
  }
  const lazy = new Lazy();
  await lazy.loadState(new State({ layers: { x: layer(8) } }));
  assert.equal(lazy.layers.x!.bias, 8);
});

import assert from "node:assert/strict";
import "../../src/codec/codecs.ts";
import { writeValue } from "../../src/module/file.ts";
import { Module } from "../../src/module/module.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { Random } from "../../src/module/random.ts";
import { isState, State, type StateNode } from "../../src/module/state.ts";
import type { Value } from "../../src/module/value.ts";

const array = (...numbers: number[]) => new NDArray("float32", [numbers.length], numbers);

class Leafy extends Module {
  nan = NaN;
  minus = -0;
  big = 2n ** 70n;
  when = new Date(1e12);
  nothing: Value = undefined;
  none: Value = null;
  nested: Value = { list: [1, { deep: "é" }], "odd.key": true, weights: array(1, NaN, -0) };
  kernel = array(1, 2);
  random = new Random(7, "x");
  #secret = 1;
  override invoke() {
    return this.#secret++;
  }
}
class Tree extends Module {
  override name = "tree";
  one = new Leafy();
  many = [new Leafy(), new Leafy()];
  by = { a: new Leafy(), b: new Leafy() };
}

function expected() {
  return new State({
    nan: NaN,
    minus: -0,
    big: 2n ** 70n,
    when: new Date(1e12),
    nothing: undefined,
    none: null,
    nested: { list: [1, { deep: "é" }], "odd.key": true, weights: array(1, NaN, -0) },
    kernel: array(1, 2),
    random: { key: new Random(7, "x").key, counter: 0 },
  });
}

Deno.test("state: holds every kind of value, without #private fields", async () => {
  const module = new Leafy();
  module.invoke();
  const state = await module.state();
  assert.ok(state.equals(expected()));
  assert.deepEqual(Object.keys(state), Object.keys(module));
  assert.ok(Object.is(state.minus, -0));
});

Deno.test("state: is a copy, and comes back into another Module as a copy", async () => {
  const module = new Leafy(), copy = new Leafy();
  module.nan = 1;
  module.kernel.data[0] = 5;
  module.random.counter = 9;
  const state = await module.state();
  module.kernel.data[0] = 6;
  assert.equal(state.kernel.data[0], 5);
  const random = copy.random;
  const report = await copy.loadState(state);
  state.kernel.data[0] = 8;
  assert.equal(copy.kernel.data[0], 5);
  assert.equal(copy.nan, 1);
  assert.equal(copy.random, random, "a leaf is written in place");
  assert.equal(copy.random.counter, 9);
  assert.deepEqual(report, { loaded: Object.keys(copy), skipped: [], unknown: [], missing: [] });
});

Deno.test("state: a field that is neither a value nor a Module is an error with its path and the fix", async () => {
  class Odd extends Module {
    table = new Map();
  }
  class Holder extends Module {
    inner = { odd: new Odd() };
  }
  const end =
    'its field "table" holds a Map, which is neither a plain value nor a Module; make it private (#table), or a Module';
  await assert.rejects(new Odd().state(), { name: "TypeError", message: `Cannot take the state of Odd: ${end}` });
  await assert.rejects(new Holder().state(), { message: `Cannot take the state of Odd at "inner.odd": ${end}` });
  class Function extends Module {
    hook = () => 1;
  }
  await assert.rejects(new Function().state(), /its field "hook" holds a Function/);
});

Deno.test("state: dot notation, children, itself whatever it is asked", async () => {
  const state = await new Tree().state();
  assert.equal(state.many[1].nested.list[1].deep, "é");
  assert.equal(state.at("by.b.minus"), -0);
  assert.equal(state.at("by.c.minus"), undefined);
  assert.equal(state.at(""), state);
  assert.deepEqual(state.children(), ["one", "many.0", "many.1", "by.a", "by.b"]);
  assert.deepEqual(Object.keys(state), ["name", "one", "many", "by"]);
  const call = state as unknown as (...input: unknown[]) => State;
  for (const same of [call("x"), state.state(1), state.stateDict(), state.loadState({}), state.loadStateDict(1, 2)]) {
    assert.equal(same, state);
  }
  assert.ok(isState(state) && !isState({ ...state }));
});

Deno.test("state: equals looks at submodules and bits", () => {
  const make = (nodes: Record<string, StateNode> = {}) =>
    new State({ a: 1, net: new State({ w: array(1, 0) }), ...nodes });
  assert.ok(make().equals(make()));
  assert.ok(make({ u: undefined }).equals(make()), "absent is undefined");
  assert.ok(!make().equals(make({ net: { w: array(1, 0) } as StateNode })), "a record is no submodule");
  assert.ok(!make().equals(make({ net: new State({ w: array(1, -0) }) })));
  assert.ok(!make().equals(make({ a: 2 })));
  assert.ok(!make().equals({ ...make() }));
  const [forth, back] = [new State({ a: new State(), b: new State() }), new State({ b: new State(), a: new State() })];
  assert.ok(forth.equals(back), "the order of submodules does not count");
});

Deno.test("state: digest does not know the order of keys, but every bit", () => {
  const digest = (nodes: Record<string, StateNode>) => new State(nodes).digest();
  const one = digest({ a: 1, b: new State({ x: 1, y: array(1, 2) }), c: new State() });
  assert.equal(one, digest({ c: new State(), b: new State({ y: array(1, 2), x: 1 }), a: 1 }));
  assert.match(one, /^[0-9a-f]{64}$/);
  const bit = array(1, 2);
  bit.bytes[0]! ^= 1;
  const others = [
    { a: 1, b: new State({ x: 1, y: bit }), c: new State() },
    { a: 1, b: new State({ x: 1, y: new NDArray("float32", [2, 1], [1, 2]) }), c: new State() },
    { a: 1, b: { x: 1, y: array(1, 2) }, c: new State() },
    { a: "1", b: new State({ x: 1, y: array(1, 2) }), c: new State() },
    { a: 1, b: new State({ x: 1, y: array(1, 2) }) },
  ].map((nodes) => digest(nodes as Record<string, StateNode>));
  assert.equal(new Set([one, ...others]).size, 6);
  assert.notEqual(digest({ a: 0 }), digest({ a: -0 }));
});

Deno.test("state: clone is deep, and equal", async () => {
  const state = await new Tree().state(), clone = state.clone();
  assert.ok(clone.equals(state) && clone !== state);
  assert.equal(clone.digest(), state.digest());
  clone.by.a.kernel.data[0] = 100;
  assert.equal(state.by.a.kernel.data[0], 1);
});

for (const extension of ["json", "yaml", "npz", "safetensors"]) {
  Deno.test(`state: comes back from .${extension}, with its arrays and records of Modules`, async () => {
    const folder = await Deno.makeTempDir();
    const tree = new Tree();
    tree.by.b.kernel.data[1] = 42;
    const state = await tree.state();
    await state.write(`${folder}/state.${extension}`);
    const read = await State.read(`${folder}/state.${extension}`);
    assert.ok(read.equals(state));
    assert.equal(read.digest(), state.digest());
    assert.deepEqual(read.children(), state.children());
    const copy = new Tree();
    await copy.loadState(read);
    assert.equal(copy.by.b.kernel.data[1], 42);
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("state: a file of arrays from elsewhere: dots in the names are submodules", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/foreign.safetensors`;
  const { safetensors } = await import("../../src/codec/safetensors.ts");
  const arrays = {
    "net.dense_1.kernel": array(1),
    "net.dense_1.bias": array(2),
    "net.dense_2.kernel": array(3),
    top: array(4),
  };
  await Deno.writeFile(path, safetensors.stringify(arrays));
  const state = await State.read(path);
  assert.deepEqual(state.children(), ["net"]);
  assert.deepEqual(state.net.children(), ["dense_1", "dense_2"]);
  assert.equal(state.net.dense_1.bias.data[0], 2);
  assert.equal(state.top.data[0], 4);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("state: a file that holds no record is an error", async () => {
  const folder = await Deno.makeTempDir();
  await writeValue(`${folder}/list.json`, [1]);
  await assert.rejects(State.read(`${folder}/list.json`), {
    name: "TypeError",
    message:
      `Cannot read "${folder}/list.json" as a State: found a list of 1, it takes a record of values or named arrays`,
  });
  await Deno.writeTextFile(`${folder}/state.xyz`, "{}");
  await assert.rejects(
    State.read(`${folder}/state.xyz`),
    /Cannot find a codec for "state.xyz": unknown extension ".xyz"/,
  );
  await Deno.remove(folder, { recursive: true });
});

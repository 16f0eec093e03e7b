import assert from "node:assert/strict";
import { z } from "zod";
import { Configuration } from "../../src/module/configuration.ts";
import { isModule, Module } from "../../src/module/module.ts";
import { State } from "../../src/module/state.ts";

const scaleSchema = z.strictObject({ factor: z.number().default(2) });
class Scale extends Module<typeof scaleSchema> {
  static override schema = scaleSchema;
  factor: number = this.options.factor;
  override invoke(x: number): number {
    return this.factor * x;
  }
}
class Stack extends Module {
  single = new Scale();
  layers = [new Scale(), new Scale()];
  heads = { a: new Scale(), b: new Scale() };
  blocks = [[new Scale()], [new Scale(), new Scale()], []];
  towers = { left: [new Scale()], right: { top: new Scale() } };
  empty = [];
  override invoke(x: number): number {
    return this.layers.reduce((y, layer) => layer(y), x);
  }
}

Deno.test("module: is called as its invoke is, and typed so", () => {
  const result: number = new Stack()(3);
  assert.equal(result, 12);
  // @ts-expect-error invoke takes a number
  new Scale()("3");
});

Deno.test("module: children are found in fields, arrays, records and nested ones, parents first", () => {
  assert.deepEqual([...new Stack().modules()].map(([path]) => path), [
    "",
    "single",
    "layers.0",
    "layers.1",
    "heads.a",
    "heads.b",
    "blocks.0.0",
    "blocks.1.0",
    "blocks.1.1",
    "towers.left.0",
    "towers.right.top",
  ]);
});

Deno.test("module: nested groups are saved and restored", async () => {
  const stack = new Stack(), copy = new Stack();
  stack.blocks[1]![1]!.factor = 7;
  stack.towers.right.top.factor = 8;
  const state = await stack.state();
  assert.equal(state.blocks[1][1].factor, 7);
  assert.deepEqual(state.children().slice(-3), ["blocks.1.1", "towers.left.0", "towers.right.top"]);
  await copy.loadState(state);
  assert.equal(copy.blocks[1]![1]!.factor, 7);
  assert.equal(copy.towers.right.top.factor, 8);
});

Deno.test("module: Modules and other values in one array or record are an error", async () => {
  class Mixed extends Module {
    things = [new Scale(), 3];
  }
  const message =
    `Cannot tell what "things" of Mixed is: 1 of its 2 items are Modules; keep Modules and other values apart`;
  await assert.rejects(new Mixed().state(), { name: "TypeError", message });
  assert.throws(() => [...new Mixed().modules()], { message });
  class Deep extends Module {
    things = { a: [new Scale()], b: 3 };
  }
  assert.throws(() => [...new Deep().modules()], /"things" of Deep is: 1 of its 2 items/);
  class Dotted extends Module {
    heads = { "a.b": new Scale() };
  }
  assert.throws(() => [...new Dotted().modules()], /Cannot name a child "a\.b" in "heads" of Dotted/);
});

Deno.test("module: the same Module at two paths is an error that names both", async () => {
  const shared = new Scale();
  class Holder extends Module {
    deep = { x: shared };
  }
  class Graph extends Module {
    one = shared;
    two = new Holder();
  }
  const message =
    `Cannot take Graph as a tree: the same Scale is at "one" and at "two.deep.x"; give each place a Module of its own`;
  await assert.rejects(new Graph().state(), { name: "TypeError", message });
  assert.throws(() => new Graph().adopt(), { message });
  class Loop extends Module {
    self: Module = this as unknown as Module;
  }
  assert.throws(() => new Loop().adopt(), /the same Loop is at "" and at "self"/);
});

Deno.test("module: one of a class declared again is still a Module: it is known by its brand", () => {
  const foreign = Object.assign(() => 1, {
    [Symbol.for("ptutils.module")]: true,
    callbacks: { modules: () => ({}) },
  });
  Object.defineProperty(foreign, "callbacks", { enumerable: false });
  assert.equal(isModule(foreign), true);
  assert.equal(isModule(() => 1), false);
  assert.equal(isModule({ [Symbol.for("ptutils.module")]: true }), false);
  class Holder extends Module {
    child = foreign as unknown as Module;
  }
  assert.deepEqual([...new Holder().modules()].map(([path]) => path), ["", "child"]);
});

Deno.test("module: its names complete from real properties", () => {
  assert.deepEqual(Object.keys(new Stack()), ["single", "layers", "heads", "blocks", "towers", "empty"]);
  class Named extends Module {
    override name = "toy";
  }
  assert.deepEqual(Object.keys(new Named()), ["name"]);
});

Deno.test("module: configuration is what builds it again", async () => {
  const scale = new Scale({ factor: 3 });
  assert.deepEqual(scale.configuration.toJSON(), { factor: 3 });
  assert.equal((await Scale.configure(scale.configuration))(2), 6);
  assert.deepEqual(new Scale().configuration.toJSON(), { factor: 2 });
  assert.throws(() => new Scale({ fctor: 3 } as never), {
    name: "TypeError",
    message: 'Cannot configure Scale: unknown key "fctor"; did you mean "factor"?',
  });
});

Deno.test("module: fromMeta builds from a configuration and a state, after prepare", async () => {
  const order: string[] = [];
  class Prepared extends Scale {
    override prepare(): Promise<void> {
      order.push("prepare");
      return Promise.resolve();
    }
    override loadState(...input: Parameters<Scale["loadState"]>) {
      order.push("load");
      return super.loadState(...input);
    }
  }
  const state = new State({ factor: 9 });
  const module = await Prepared.fromMeta({ config: new Configuration({ factor: 4 }), state });
  assert.deepEqual(order, ["prepare", "load"]);
  assert.equal(module(1), 9);
  assert.deepEqual(module.configuration.toJSON(), { factor: 4 });
  assert.equal((await Prepared.fromMeta({ config: { factor: 4 } }))(1), 4);
});

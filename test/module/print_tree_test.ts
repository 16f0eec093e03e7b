import assert from "node:assert/strict";
import { z } from "zod";
import { Callback } from "../../src/module/callback.ts";
import { type Leaf, leafBrand } from "../../src/module/leaf.ts";
import { Module } from "../../src/module/module.ts";
import { register } from "../../src/module/registry.ts";
import { slot } from "../../src/module/slot.ts";

class Weight implements Leaf {
  readonly [leafBrand] = true;
  constructor(readonly parameters: number) {}
  read = () => null;
  check = () => undefined;
  write() {}
}
const layerSchema = z.strictObject({ units: z.int().default(2) });
class Layer extends Module<typeof layerSchema> {
  static override schema = layerSchema;
  weights = { kernel: new Weight(10 * this.options.units), bias: new Weight(this.options.units) };
}
class Bare extends Module {}
const netSchema = z.strictObject({ name: z.string(), head: slot(Layer).prefault({}) });
class Net extends Module<typeof netSchema> {
  static override schema = netSchema;
  head = this.options.head.build();
  layers = [new Layer({ units: 1 }), new Layer({ units: 3 })];
  by = { a: new Bare() };
}
class Root extends Module {
  net = new Net({ name: "small", head: "Layer" });
  last = new Bare();
}
class Watch extends Callback {}
register(Layer);

Deno.test("printTree: a line a Module: where it hangs, its class, its own options, its parameters and those below", () => {
  const root = new Root();
  root.callbacks.register(new Watch());
  const text = `Root (66 parameters)
  net: Net { name: "small" } (66 parameters)
    head: Layer { units: 2 } (22 parameters)
    layers.0: Layer { units: 1 } (11 parameters)
    layers.1: Layer { units: 3 } (33 parameters)
    by.a: Bare
  last: Bare
  callbacks.Watch: Watch`;
  assert.equal(Deno.inspect(root), text);
  assert.equal(String(root), text);
  assert.equal(Deno.inspect(root.net.layers[1]), "Layer { units: 3 } (33 parameters)");
});

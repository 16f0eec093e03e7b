import assert from "node:assert/strict";
import { z } from "zod";
import "../../src/codec/codecs.ts";
import { Configuration } from "../../src/module/configuration.ts";
import { describeDifferences } from "../../src/module/difference.ts";
import { Module } from "../../src/module/module.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { classesOf, classNamed, register } from "../../src/module/registry.ts";
import { Part, slot } from "../../src/module/slot.ts";

abstract class Rule extends Module {}
const stepSchema = z.strictObject({ rate: z.number().positive().default(0.1) });
class Step extends Rule {
  static override schema: z.ZodObject = stepSchema;
}
const momentumSchema = z.strictObject({ rate: z.number().default(0.1), decay: z.number().default(0.9) });
class Momentum extends Rule {
  static override schema: z.ZodObject = momentumSchema;
}
const partSchema = z.strictObject({
  size: z.int().default(1),
  rule: slot(Rule, { Step, Momentum }, Step).prefault({}),
  inner: z.strictObject({ depth: z.int().default(1) }).prefault({}),
});
class Inner extends Module<typeof partSchema> {
  static override schema = partSchema;
  size = this.options.size;
  rule = this.options.rule.build();
}
const rootSchema = z.strictObject({
  name: z.string(),
  part: slot(Inner).prefault({}),
  rules: z.array(slot(Rule, { Step, Momentum }, Step)).default([]),
  byName: z.record(z.string(), slot(Rule, undefined, Step)).default({}),
  data: z.unknown().optional(),
});
class Root extends Module<typeof rootSchema> {
  static override schema = rootSchema;
  part = this.options.part.build();
  rules = this.options.rules.map((rule) => rule.build());
  byName = Object.fromEntries(Object.entries(this.options.byName).map(([name, rule]) => [name, rule.build()]));
}
register(Root, Inner, Step, Momentum);

const of = (data: object) => new Configuration(data, "Root");

Deno.test("configuration: every problem is told in one error, with its path and the nearest name", async () => {
  const wrong = {
    name: 3,
    prat: {},
    part: { size: "big", rul: "Step", rule: { Momentum: { deccay: 1, rate: "x" } }, inner: { dept: 1 } },
    rules: ["Step", { Stp: {} }, { Inner: {} }, 7],
    byName: { a: { rate: -1 } },
  };
  const message = `Cannot configure Root:
  name: expected string, found 3
  part.size: expected number, found "big"
  part.rule.Momentum.rate: expected number, found "x"
  part.rule.Momentum: unknown key "deccay"; did you mean "decay"?
  part.inner: unknown key "dept"; did you mean "depth"?
  part: unknown key "rul"; did you mean "rule"?
  rules.1: unknown class "Stp"; did you mean "Step"?; a class of your own is made known by register()
  rules.2: class "Inner" is not a Rule; known are "Step", "Momentum"
  rules.3: expected a Rule: a class's name, or { Name: options }, found 7
  byName.a.rate: Too small: expected number to be >0, found -1
  unknown key "prat"; did you mean "part"?`;
  await assert.rejects(of(wrong).configure(), (error: Error) => {
    assert.equal(error.name, "TypeError");
    assert.deepEqual(error.message.split("\n").sort(), message.split("\n").sort());
    return true;
  });
  await assert.rejects(of({ part: {} }).configure(), {
    message: "Cannot configure Root: name: expected string, found nothing",
  });
});

Deno.test("configuration: a slot takes a name, a name with options, plain options, an instance, a Part", async () => {
  const own = new Momentum({ decay: 0.5 });
  const root = await Root.configure({
    name: "x",
    rules: [
      "Momentum",
      { Momentum: { decay: 0.1 } },
      { rate: 3 },
      {},
      own,
      new Part(Step, { rate: 9 }),
      { Step: null } as never,
    ],
    byName: { a: { Momentum: {} } },
  });
  assert.deepEqual(root.rules.map((rule) => rule.constructor.name), [
    "Momentum",
    "Momentum",
    "Step",
    "Step",
    "Momentum",
    "Step",
    "Step",
  ]);
  assert.equal(root.rules[4], own, "the instance itself");
  assert.deepEqual(root.configuration.toJSON().rules, [
    { Momentum: { rate: 0.1, decay: 0.9 } },
    { Momentum: { rate: 0.1, decay: 0.1 } },
    { Step: { rate: 3 } },
    { Step: { rate: 0.1 } },
    { Momentum: { rate: 0.1, decay: 0.5 } },
    { Step: { rate: 9 } },
    { Step: { rate: 0.1 } },
  ]);
  assert.ok(root.byName.a instanceof Momentum);
});

Deno.test("configuration: an instance that is not of the slot's kind is refused; one of a class declared again is not", () => {
  assert.throws(() => new Root({ name: "x", rules: [new Inner() as never] }), {
    message: "Cannot configure Root: rules.0: expected a Rule, found a Inner",
  });
  const again = (() => {
    abstract class Rule extends Module {}
    return new (class Step extends Rule {})();
  })();
  assert.equal(new Root({ name: "x", rules: [again as never] }).rules[0], again);
});

Deno.test("configuration: its entries are properties; called, it builds", async () => {
  const configuration = of({ name: "x", part: { size: 4 } });
  assert.equal(configuration.part.size, 4);
  assert.deepEqual(Object.keys(configuration), ["name", "part"]);
  const root = await (configuration as unknown as () => Promise<Root>)();
  assert.ok(root instanceof Root);
  assert.equal(root.part.size, 4);
  const named = await new Configuration({ Inner: { size: 5 } }).configure();
  assert.ok(named instanceof Inner && named.size === 5);
  await assert.rejects(new Configuration({ Outer: {} }).configure(), /unknown class "Outer"/);
});

Deno.test("configuration: resolve writes every default out and names a class where another could stand, and is idempotent", () => {
  const resolved = of({ name: "x", rules: ["Step"], part: { rule: "Momentum" } }).resolve();
  assert.deepEqual(resolved.toJSON(), {
    name: "x",
    part: { size: 1, rule: { Momentum: { rate: 0.1, decay: 0.9 } }, inner: { depth: 1 } },
    rules: [{ Step: { rate: 0.1 } }],
    byName: {},
  });
  assert.deepEqual(resolved.resolve().toJSON(), resolved.toJSON());
  assert.throws(() => of({}).resolve(), /Cannot configure Root: name/);
});

Deno.test("configuration: with sets by path, through class names, lists, and names alone", () => {
  const base = of({ name: "x", part: { Inner: { rule: "Momentum" } }, rules: ["Step", { Step: { rate: 1 } }] });
  const changed = base.with(
    "name=y=z",
    "part.size=3",
    "part.rule.decay=0.5",
    "rules.0.rate=2",
    "rules.1.rate=3",
    "byName.a.rate=4",
    'data=[1,{"b":null}]',
  );
  assert.deepEqual(changed.toJSON(), {
    name: "y=z",
    part: { Inner: { rule: { Momentum: { decay: 0.5 } }, size: 3 } },
    rules: [{ Step: { rate: 2 } }, { Step: { rate: 3 } }],
    byName: { a: { rate: 4 } },
    data: [1, { b: null }],
  });
  assert.equal(base.part.Inner.rule, "Momentum", "the one it came from stays");
  assert.deepEqual(base.with("part.rule=Step").toJSON().part, { Inner: { rule: "Step" } });
  assert.deepEqual(base.with("part.Inner.size=2").part.Inner.size, 2);
  assert.deepEqual(new Configuration({ Inner: { size: 1 } }).with("size=2").toJSON(), { Inner: { size: 2 } });
  assert.equal(changed.resolve().part.rule.Momentum.decay, 0.5, "and knows still whose it is");
});

Deno.test("configuration: an override that can't be is an error", () => {
  const base = of({ name: "x" });
  const usage = "it takes path=value, as in trainer.looper.epochs=3";
  assert.throws(() => base.with("name"), { name: "SyntaxError", message: `Cannot override by "name": ${usage}` });
  assert.throws(() => base.with("=3"), { name: "SyntaxError" });
  assert.throws(() => base.with("name.first=3"), {
    name: "TypeError",
    message: 'Cannot override "name.first": name is "x"',
  });
  assert.throws(() => base.with("part..size=3"), { name: "SyntaxError", message: /it has a name that no option has/ });
  assert.throws(() => base.with("__proto__.polluted=1"), { name: "SyntaxError" });
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

Deno.test("configuration: compare tells where two differ", () => {
  const [a, b] = [
    of({ name: "x", rules: ["Step"], part: { size: 1 } }),
    of({ name: "y", rules: ["Step"], byName: {} }),
  ];
  const found = a.compare(b);
  assert.deepEqual(found, [
    { path: "name", from: "x", to: "y" },
    { path: "part", from: { size: 1 }, to: undefined },
    { path: "byName", from: undefined, to: {} },
  ]);
  assert.equal(
    describeDifferences(found),
    '  name: "x" -> "y"\n  part: {"size":1} -> (absent)\n  byName: (absent) -> {}',
  );
  assert.deepEqual(a.compare(a), []);
  assert.deepEqual(a.compare(a.with("part.size=2")), [{ path: "part.size", from: 1, to: 2 }]);
});

for (const extension of ["json", "yaml"]) {
  Deno.test(`configuration: comes back from .${extension}`, async () => {
    const folder = await Deno.makeTempDir(), path = `${folder}/x.${extension}`;
    const configuration = of({ name: "x", part: { Inner: { rule: "Step" } }, data: { a: [1, null, true], b: NaN } });
    await configuration.write(path);
    assert.deepEqual((await Configuration.read(path)).toJSON(), configuration.toJSON());
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("configuration: read leaves an editor's $schema out, and refuses what is no mapping", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/a.json`, '{"$schema": "./schema.json", "name": "x"}');
  assert.deepEqual((await Configuration.read(`${folder}/a.json`)).toJSON(), { name: "x" });
  await Deno.writeTextFile(`${folder}/b.json`, "[1]");
  await assert.rejects(Configuration.read(`${folder}/b.json`), {
    name: "TypeError",
    message:
      `Cannot read "${folder}/b.json" as a Configuration: found a list of 1, it takes a mapping of names to values`,
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("configuration: is data: functions are refused, arrays kept, copies given", () => {
  assert.throws(() => of({ part: { hook: function mine() {} } }), {
    name: "TypeError",
    message:
      'Cannot describe a function ("mine") in a configuration: it is data; register a class, or a callback by callbacks.register()',
  });
  const data = new NDArray("float32", [1], [1]);
  const configuration = of({ name: "x", data });
  const copy = configuration.toJSON();
  assert.ok(data.equals(copy.data));
  (copy.data as NDArray).data[0] = 7;
  copy.name = "changed";
  assert.deepEqual([configuration.name, configuration.data.data[0]], ["x", 1]);
  assert.deepEqual(of({ name: "x", part: undefined }).toJSON(), { name: "x" });
  assert.deepEqual(of({ part: new Step({ rate: 2 }) }).toJSON(), { part: { Step: { rate: 2 } } });
});

Deno.test("registry: registering a class again replaces it; a name begins with a capital", async () => {
  const make = (mark: number) => {
    class Repeated extends Rule {
      mark = mark;
    }
    return Repeated;
  };
  register(make(1));
  register(make(2));
  const repeated = await new Configuration({ Repeated: {} }).configure();
  assert.equal((repeated as unknown as { mark: number }).mark, 2);
  assert.equal(classesOf(Rule).filter(({ name }) => name === "Repeated").length, 1);
  class lower extends Module {}
  assert.throws(() => register(lower), {
    name: "TypeError",
    message:
      'Cannot register a class named "lower": a configuration knows a class by a name that begins with a capital',
  });
});

Deno.test("registry: finds a class where one that it extends may stand", () => {
  assert.equal(classNamed("Step", Rule), Step);
  assert.equal(classNamed("Step"), Step);
  assert.throws(() => classNamed("Inner", Rule), { name: "TypeError", message: /^class "Inner" is not a Rule; / });
  assert.throws(
    () => classNamed("Momntum"),
    /^TypeError: unknown class "Momntum"; did you mean "Momentum"\?; a class of/,
  );
});

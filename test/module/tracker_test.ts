import assert from "node:assert/strict";
import { z } from "zod";
import { Module } from "../../src/module/module.ts";
import { Tracker } from "../../src/module/tracker.ts";

const ruleSchema = z.strictObject({ rate: z.number().default(0.1), steps: z.array(z.number()).default([1, 2]) });
class Rule extends Module<typeof ruleSchema> {
  static override schema = ruleSchema;
  rate = this.options.rate;
  steps = this.options.steps;
  count = 0;
}
class Other extends Rule {}
class Net extends Module {
  rule: Rule = new Rule();
}
class Root extends Module {
  net = new Net();
  list = [new Rule(), new Rule()];
  by: Record<string, Rule> = { a: new Rule(), b: new Rule() };
}

/** The changes, in short. */
const look = (tracker: Tracker) =>
  tracker.look().map(({ trigger, module, name, from, to }) => [trigger, module.constructor.name, name, from, to]);

const described = (name: string, rate = 0.1) => JSON.stringify({ [name]: { rate, steps: [1, 2] } });

Deno.test("tracker: finds a parameter that was assigned, once; other fields are none", () => {
  const root = new Root(), tracker = new Tracker(root);
  assert.deepEqual(look(tracker), []);
  root.net.rule.rate = 0.2;
  root.net.rule.count = 5;
  root.list[1]!.rate = NaN;
  assert.deepEqual(look(tracker), [
    ["parameter_changed", "Rule", "rate", 0.1, 0.2],
    ["parameter_changed", "Rule", "rate", 0.1, NaN],
  ]);
  assert.deepEqual(look(tracker), []);
  root.net.rule.rate = 0.2;
  assert.deepEqual(look(tracker), [], "the same value is no change");
  root.net.rule.rate = 0.1;
  assert.deepEqual(look(tracker), [["parameter_changed", "Rule", "rate", 0.2, 0.1]]);
});

Deno.test("tracker: sees a list changed in place, and keeps what it was", () => {
  const root = new Root(), tracker = new Tracker(root);
  root.net.rule.steps.push(3);
  assert.deepEqual(look(tracker), [["parameter_changed", "Rule", "steps", [1, 2], [1, 2, 3]]]);
  root.net.rule.steps[0] = 9;
  assert.deepEqual(look(tracker), [["parameter_changed", "Rule", "steps", [1, 2, 3], [9, 2, 3]]]);
});

Deno.test("tracker: finds a Module in another's place, in fields, arrays and records, each once", () => {
  const root = new Root(), tracker = new Tracker(root);
  root.net.rule = new Other({ rate: 3 });
  root.list[0] = new Other();
  root.by.b = new Other();
  const changes = tracker.look();
  assert.deepEqual(changes.map(({ trigger, module, name, from, to }) => [trigger, module, name, from, to]), [
    ["module_replaced", root.net, "rule", described("Rule"), described("Other", 3)],
    ["module_replaced", root, "list.0", described("Rule"), described("Other")],
    ["module_replaced", root, "by.b", described("Rule"), described("Other")],
  ]);
  assert.equal((changes[0] as { now: unknown }).now, root.net.rule);
  assert.deepEqual(look(tracker), []);
});

Deno.test("tracker: finds what was replaced with the whole array or record that held it, and what was taken away", () => {
  const root = new Root(), tracker = new Tracker(root);
  root.list = [root.list[0]!, new Other()];
  root.by = { a: root.by.a! };
  assert.deepEqual(look(tracker), [
    ["module_replaced", "Root", "list.1", described("Rule"), described("Other")],
    ["module_replaced", "Root", "by.b", described("Rule"), "undefined"],
  ]);
  assert.deepEqual(look(tracker), []);
});

Deno.test("tracker: what hung below a Module that is gone went with it; the new one's tree is watched", () => {
  const root = new Root(), tracker = new Tracker(root);
  const old = root.net;
  root.net = new Net();
  root.net.rule = new Other();
  old.rule = new Other();
  assert.deepEqual(look(tracker), [["module_replaced", "Root", "net", '{"Net":{}}', '{"Net":{}}']]);
  root.net.rule.rate = 7;
  old.rule.rate = 8;
  assert.deepEqual(look(tracker), [["parameter_changed", "Other", "rate", 0.1, 7]]);
  root.net.rule = new Rule();
  assert.deepEqual(look(tracker), [["module_replaced", "Net", "rule", described("Other"), described("Rule")]]);
});

Deno.test("tracker: reset takes what is there as known", () => {
  const root = new Root(), tracker = new Tracker(root);
  root.net.rule = new Other();
  root.list[0]!.rate = 5;
  tracker.reset();
  assert.deepEqual(look(tracker), []);
});

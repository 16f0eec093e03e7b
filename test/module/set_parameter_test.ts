import assert from "node:assert/strict";
import { Module } from "../../src/module/module.ts";
import { Random } from "../../src/module/random.ts";
import { setParameter } from "../../src/module/set_parameter.ts";

class Rule extends Module {
  rate = 0.1;
  random = new Random();
}
class Net extends Module {
  rule = new Rule();
  size = 3;
}
class Root extends Module {
  net = new Net();
  heads = { a: new Rule(), b: new Rule() };
  size = 1;
}

Deno.test("setParameter: sets by the whole path, or by the end of one", () => {
  const root = new Root();
  setParameter(root, "net.rule.rate", 1);
  assert.equal(root.net.rule.rate, 1);
  setParameter(root, "rule.rate", 2);
  assert.equal(root.net.rule.rate, 2);
  setParameter(root, "heads.b.rate", 3);
  assert.deepEqual([root.heads.a.rate, root.heads.b.rate], [0.1, 3]);
  setParameter(root, "size", 4);
  assert.deepEqual([root.size, root.net.size], [4, 3], "the Module's own comes first");
  setParameter(root, "net.size", (present: unknown) => (present as number) * 2);
  assert.equal(root.net.size, 6);
});

Deno.test("setParameter: none or several is an error that tells the paths", () => {
  const root = new Root();
  assert.throws(() => setParameter(root, "rate", 1), {
    name: "RangeError",
    message: 'Cannot set "rate": it is one of net.rule.rate, heads.a.rate, heads.b.rate; give the whole path',
  });
  assert.throws(() => setParameter(root, "nut.rule.rate", 1), {
    name: "RangeError",
    message: 'Cannot set "nut.rule.rate": there is none; did you mean "net.rule.rate"?',
  });
  assert.throws(() => setParameter(root, "nett.size", 1), { message: /did you mean "net.size"\?$/ });
  assert.throws(() => setParameter(root, "ule.rate", 1), { name: "RangeError" });
  assert.throws(() => setParameter(root, "unheard", 1), {
    message: 'Cannot set "unheard": there is none; none is known',
  });
});

Deno.test("setParameter: Modules, leaves and what is no value are not set", () => {
  const root = new Root(), { net } = root;
  assert.throws(() => setParameter(root, "net", 3), { name: "RangeError" });
  assert.throws(() => setParameter(root, "heads", {}), { name: "RangeError" });
  assert.throws(() => setParameter(root, "net.rule.random", 3), { name: "RangeError" });
  assert.equal(root.net, net);
  assert.throws(() => setParameter(root, "net.size", () => new Map()), {
    name: "TypeError",
    message: 'Cannot set "net.size": found a object; it takes a plain value',
  });
  assert.throws(() => setParameter(root, "size", new Map()), { message: /^Cannot set "size": / });
  assert.throws(() => setParameter(root, "net.size", "large"), {
    name: "TypeError",
    message: 'Cannot set "net.size": found a string, it takes a number',
  });
  assert.equal(root.net.size, 3);
});

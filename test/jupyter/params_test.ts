import assert from "node:assert/strict";
import { declaredSymbol, givenSymbol, moreToComeSymbol } from "../../src/notebook/given_parameters.ts";
import { params } from "../../src/notebook/params.ts";
import { parseSettings } from "../../src/jupyter/setting.ts";

const scope = globalThis as unknown as Record<symbol, unknown>;

/** Tests with parameters set from outside, in a kernel that is as new. */
function test(name: string, given: Record<string, unknown>, body: () => void): void {
  Deno.test(`params: ${name}`, () => {
    if (Object.keys(given).length > 0) scope[givenSymbol] = given;
    try {
      body();
    } finally {
      for (const symbol of [givenSymbol, declaredSymbol, moreToComeSymbol]) delete scope[symbol];
    }
  });
}

const defaults = { epochs: 20, store: "./runs", verbose: false, tags: ["a"], extra: null, net: { units: 8 } };

test("nothing set: the defaults, frozen, as a copy, with their types", {}, () => {
  const values = params(defaults);
  assert.deepEqual(values, defaults);
  const epochs: number = values.epochs, tags: readonly string[] = values.tags, units: number = values.net.units;
  assert.deepEqual([epochs, tags, units], [20, ["a"], 8]);
  assert.ok(Object.isFrozen(values) && Object.isFrozen(values.tags) && Object.isFrozen(values.net));
  assert.ok(!Object.isFrozen(defaults) && !Object.isFrozen(defaults.tags));
});

test("what is set takes its place; null takes anything", { epochs: 3, tags: [], extra: [1, "x"] }, () => {
  const { epochs, tags, extra, store } = params(defaults);
  assert.deepEqual([epochs, tags, extra, store], [3, [], [1, "x"], "./runs"]);
  assert.equal(params(defaults).epochs, 3); // the cell is run again
});

test(
  "all that is wrong is said at once",
  { epochs: "3", store: 4, tags: ["a", 1], net: {}, epoch: 1, qqqqqqq: 2 },
  () => {
    assert.throws(() => params(defaults), (error: Error) => {
      assert.ok(error instanceof TypeError);
      for (
        const part of [
          'epochs takes a number, found "3"',
          'store takes a string, as "4" in quotes, found 4',
          "tags[1] takes a string",
          "net.units is missing",
          'there is no "epoch" (did you mean "epochs"?)',
          'there is no "qqqqqqq", there are "epochs", "store"',
        ]
      ) assert.ok(error.message.includes(part), `${part} in ${error.message}`);
      return true;
    });
  },
);

test("a default is of its own type", { n: [2, 3] }, () => {
  assert.deepEqual(params({ m: [1, "x"], n: [1, "x"] }), { m: [1, "x"], n: [2, 3] });
});

test("a later call may declare the rest, where that is known", { epochs: 3, rate: 0.1 }, () => {
  scope[moreToComeSymbol] = true;
  assert.equal(params({ epochs: 20 }).epochs, 3);
  assert.equal(params({ rate: 1 }).rate, 0.1);
  scope[moreToComeSymbol] = false;
  assert.equal(params({ rate: 1 }).rate, 0.1);
});

test("set after it was called, a name is refused, once", {}, () => {
  params({ epochs: 20 });
  const set = (values: object) => Object.assign(scope[givenSymbol] as object, values);
  assert.throws(() => set({ epochs: 3 }), /Cannot set the parameter "epochs": params\(\) was called before/);
  assert.equal(params({ epochs: 20 }).epochs, 3);
  set({ epochs: 4 }); // both cells are run again
  assert.equal(params({ epochs: 20 }).epochs, 4);
});

test("a default that JSON does not hold is refused", {}, () => {
  assert.throws(() => params({ when: [() => 1] }), /Cannot declare the parameter when\[0\]: its default is a function/);
  assert.throws(() => params({ day: new Date() }), TypeError);
  assert.throws(() => params({ none: undefined }), TypeError);
  const within: Record<string, unknown> = {};
  within.list = [within];
  assert.throws(
    () => params({ within }),
    /Cannot declare the parameter within\.list\[0\]: its default is within itself/,
  );
  const both = { a: 1 };
  assert.deepEqual(params({ one: [both, both] }), { one: [both, both] }, "twice is not within itself");
  for (const [wrong, found] of [[null, "null"], [[1], "an array"], [undefined, "undefined"], ["epochs", "a string"]]) {
    assert.throws(
      () => params(wrong as never),
      new RegExp(`^TypeError: .* the parameters: found ${found}; give a record`),
    );
  }
});

Deno.test("settings of a command line are JSON where they can be, else text", () => {
  const settings = ["epochs=3", "name=base", 'text="3"', "tags=[1]", "empty=", "a=b=c", 'net={"units":8}'];
  assert.deepEqual(parseSettings(settings), {
    epochs: 3,
    name: "base",
    text: "3",
    tags: [1],
    empty: "",
    a: "b=c",
    net: { units: 8 },
  });
  for (const wrong of ["epochs", "=3", "__proto__=3"]) assert.throws(() => parseSettings([wrong]), SyntaxError);
});

import assert from "node:assert/strict";
import { from, lastValueFrom, map, toArray } from "rxjs";
import { isProxy } from "node:util/types";
import { Callable } from "../../src/module/callable.ts";

class Twice extends Callable {
  factor = 2;
  #calls = 0;
  override invoke(x: number): number {
    this.#calls++;
    return this.factor * x;
  }
  get calls(): number {
    return this.#calls;
  }
}
type Call = (x: number) => number;

Deno.test("callable: an instance is a function that runs invoke, with its fields and #private ones", () => {
  const twice = new Twice();
  assert.equal((twice as unknown as Call)(3), 6);
  twice.factor = 5;
  assert.equal((twice as unknown as Call)(3), 15);
  assert.equal(twice.calls, 2);
  assert.equal(typeof twice, "function");
  assert.ok(twice instanceof Twice && twice instanceof Callable && twice instanceof Function);
});

Deno.test("callable: works as the function of an rxjs operator, and with call, apply and bind", async () => {
  const twice = new Twice() as unknown as Call;
  assert.deepEqual(await lastValueFrom(from([1, 2]).pipe(map(twice), toArray())), [2, 4]);
  assert.equal(twice.call(undefined, 4), 8);
  assert.equal(twice.apply(undefined, [4]), 8);
  assert.equal(twice.bind(undefined, 4)(), 8);
});

Deno.test("callable: no Proxy; its names are real properties, and only its own", () => {
  const twice = new Twice();
  assert.equal(isProxy(twice), false);
  assert.deepEqual(Object.keys(twice), ["factor"]);
  assert.deepEqual(Object.getOwnPropertyNames(twice), ["factor"]);
  class Named extends Callable {
    name = "mine";
    length = 3;
  }
  const named = new Named();
  assert.equal(named.name, "mine");
  assert.deepEqual(Object.keys(named), ["name", "length"]);
});

Deno.test("callable: what does not implement invoke says so, with the name of its class", () => {
  class Abstract extends Callable {}
  assert.throws(() => new (Abstract as unknown as new () => Call)()(1), {
    name: "TypeError",
    message: "Cannot call Abstract: its invoke() is not implemented; override it in class Abstract",
  });
});

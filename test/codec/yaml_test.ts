import assert from "node:assert/strict";
import { yaml } from "../../src/codec/yaml.ts";
import type { Value } from "../../src/module/value.ts";

const parse = (text: string) => yaml.parse(new TextEncoder().encode(text));
const text = (value: Value) => new TextDecoder().decode(yaml.stringify(value));
/** What takes a while takes for ever: what is nested so grows without bound. */
const quickly = (work: () => void) => {
  const start = performance.now();
  work();
  assert.ok(performance.now() - start < 60_000);
};

Deno.test("yaml: writes what people and PyYAML read", () => {
  assert.equal(
    text({ rate: 1e-7, loss: NaN, best: -Infinity, zero: -0, sizes: [1, [2]], on: "on", when: "2001-01-01", big: 1n }),
    "rate: 1.e-7\nloss: .nan\nbest: -.inf\nzero: -0.0\nsizes:\n  - 1\n  - - 2\n'on': 'on'\nwhen: '2001-01-01'\n" +
      "big:\n  $bigint: '1'\n",
  );
});

Deno.test("yaml: reads what people write", () => {
  const read = parse(
    "%YAML 1.1\n---\nbase: &base {lr: 1e-3, on: yes}\nnet:\n  <<: *base\n  lr: .inf # higher\n1: 0x10\n",
  );
  assert.deepEqual(read, { 1: 16, base: { lr: 1e-3, on: "yes" }, net: { lr: Infinity, on: "yes" } });
});

Deno.test("yaml: errors give line and column", () => {
  for (
    const [bad, where, what] of [
      ["a: [1, 2\nb: 3", "line 2, column 1", "Flow sequence"],
      ["a: 1\nb: 2\na: 3", "line 3, column 1", '"a" is repeated'],
      ["a: !!js/function 'x'", "line 1, column 4", "tags such as !!js/function are not read, write the plain value"],
      [
        "a:\n  - !!python/object/apply:os.system ['x']",
        "line 2, column 5",
        "tags such as !!python/object/apply:os.system are not read",
      ],
      ["a: !!binary aGk=", "line 1, column 4", "tags such as !!binary are not read"],
      ["a: !mine {}", "line 1, column 4", "tags such as !!mine are not read"],
      ["? [a]\n: 1", "line 1, column 3", "a key is a list or a mapping, write one that is text"],
      ["a: 1\n---\nb: 2", "line 2, column 1", "it has several documents, keep one of them"],
    ] as const
  ) {
    assert.throws(() => parse(bad), (error: Error) => {
      assert.ok(error instanceof SyntaxError);
      return error.message.startsWith("Cannot read YAML: ") && error.message.includes(where) &&
        error.message.includes(what);
    }, bad);
  }
});

Deno.test("yaml: refuses alias bombs and cycles", () => {
  const levels = Array.from(
    "abcdefghi",
    (c, i) => `${c}: &${c} [${i === 0 ? "lol" : "abcdefghi"[i - 1]!.replace(/./, "*$&, ").repeat(9)}]`,
  );
  quickly(() => assert.throws(() => parse(levels.join("\n")), /Excessive alias count/));
  quickly(() =>
    assert.throws(() => parse(`a: &a 1\nb: [${"*a, ".repeat(5000)}]`), /more than 100 aliases at line 2, column/)
  );
  quickly(() => assert.throws(() => parse("a: &x [*x]"), SyntaxError));
  assert.throws(() => parse("a: *missing"), /missing/);
});

Deno.test("yaml: large and deep documents end in bounded time", () => {
  const many = Array.from({ length: 20_000 }, (_, i) => `key${i}: ${i}`).join("\n");
  quickly(() => assert.equal((parse(many) as Record<string, number>).key19999, 19999));
  for (const open of ["[", "{a: ", "- "]) quickly(() => assert.throws(() => parse(open.repeat(20_000)), SyntaxError));
});

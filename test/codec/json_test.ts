import assert from "node:assert/strict";
import { json } from "../../src/codec/json.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { python } from "../python.ts";
import type { Value } from "../../src/module/value.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Value) => new TextDecoder().decode(json.stringify(value));

Deno.test("json: plain data are plain JSON, indented, with a newline at the end", () => {
  const value = { name: "run", sizes: [1, 2.5], nested: { yes: true, none: null } };
  assert.equal(text(value), JSON.stringify(value, null, 2) + "\n");
});

Deno.test("json: tags what JSON lacks", () => {
  assert.equal(text([NaN, -0]), '[\n  {\n    "$number": "NaN"\n  },\n  {\n    "$number": "-0"\n  }\n]\n');
  const array = JSON.parse(text(new NDArray("uint16", [2], [1, 258])));
  assert.deepEqual(array, { $ndarray: { dtype: "uint16", shape: [2], data: "AQACAQ==" } });
});

Deno.test("json: reads a byte order mark", () => assert.deepEqual(json.parse(bytes("\ufeff{}")), {}));

Deno.test("json: whole numbers that would lose digits are bigints, what JavaScript writes stays a number", async () => {
  const { stdout } = await new Deno.Command(await python(), {
    args: [
      "-c",
      "import json; print(json.dumps([2**63 - 1, -2**63, 2**53 + 1, 2**53, 10**18, 1e17, 1e300, 7, 10**400, -0.0]))",
    ],
  }).output();
  const expected = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 2 ** 53, 1e18, 1e17, 1e300, 7, 10n ** 400n, -0];
  assert.deepStrictEqual(json.parse(stdout), expected);
  const numbers = [2 ** 63, 2 ** 53 + 2, -(2 ** 60), 1e20, 123456789012345680000, 1e21, 1.5e-300];
  assert.deepStrictEqual(json.parse(bytes(JSON.stringify({ "1234567890123456789": numbers }))), {
    "1234567890123456789": numbers,
  });
  assert.deepStrictEqual(json.parse(bytes(`["1234567890123456789", ${"9".repeat(5000)}]`)), [
    "1234567890123456789",
    Infinity,
  ]);
});

Deno.test("json: errors say what and where", () => {
  assert.throws(() => json.parse(bytes('{"a": 1,\n  b}')), /^SyntaxError: Cannot read JSON: .*line 2 column 3/s);
  assert.throws(() => json.parse(new Uint8Array([0x22, 0xff, 0x22])), /not UTF-8/);
  assert.throws(
    () => json.parse(bytes('{"$ndarray": {"dtype": "float32", "shape": [3], "data": "AAAA"}}')),
    SyntaxError,
  );
  assert.throws(() => json.parse(bytes('{"$record": null}')), SyntaxError);
  assert.throws(
    () => json.stringify({ net: { layers: [1, new Map()] } } as unknown as Value),
    /^TypeError: Cannot write JSON: "net\.layers\.1" is a Map; /,
  );
  assert.throws(() => json.stringify({ when: new Date(NaN) }), /"when" is an invalid Date/);
});

Deno.test("json: too deep is an error, not a crash", () => {
  assert.throws(() => json.parse(bytes("[".repeat(200_000) + "]".repeat(200_000))), /nested too deeply/);
  const deep = Array.from({ length: 600 }).reduce<Value>((inner) => [inner], 1);
  assert.throws(() => json.stringify(deep), /nested deeper than 500 \(a cycle\?\)/);
});

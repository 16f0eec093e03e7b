import assert from "node:assert/strict";
import fc from "fast-check";
import { arrayTypes, type DType, NDArray, sizeOf } from "../../src/module/ndarray.ts";
import {
  cloneValue,
  decodeValue,
  encodeValue,
  equalValues,
  isRecord,
  isValue,
  type Json,
  type Value,
} from "../../src/module/value.ts";

const seed = Number(Deno.env.get("FC_SEED") ?? Math.floor(performance.timeOrigin + performance.now()) % 2 ** 31);
console.log(`value_test: FC_SEED=${seed}`);

const dtypes = Object.keys(arrayTypes) as DType[];
const anyArray = fc.tuple(fc.constantFrom(...dtypes), fc.array(fc.nat(3), { maxLength: 3 })).chain(([dtype, shape]) => {
  const length = sizeOf(shape) * arrayTypes[dtype].BYTES_PER_ELEMENT;
  return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) =>
    new NDArray(dtype, shape, new arrayTypes[dtype](bytes.slice().buffer))
  );
});
const tags = ["$number", "$bigint", "$date", "$undefined", "$ndarray", "$record", "$x", "__proto__", "constructor"];
const key = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constantFrom(...tags));
const { value: anyValue } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.double(),
    fc.integer(),
    fc.constantFrom(-0, NaN, Infinity, -Infinity, undefined, null, true, false),
    fc.bigInt(),
    fc.date({ noInvalidDate: true }),
    key,
    anyArray,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
}));
const holds = (law: (value: Value) => void) => fc.assert(fc.property(anyValue, law), { seed, numRuns: 500 });

Deno.test("value: what is encoded comes back, also through JSON text", () => {
  holds((value) => {
    const json = encodeValue(value);
    assert.ok(equalValues(decodeValue(json), value));
    assert.ok(equalValues(decodeValue(JSON.parse(JSON.stringify(json))), value));
  });
});

Deno.test("value: plain JSON is encoded as itself", () => {
  // JSON has no -0, and a record of one key with a $ is a tag's.
  const plain = fc.jsonValue({ depthSize: "small" }).filter((json) =>
    !/-0|"\$/.test(JSON.stringify(json)) && !hasZero(json)
  );
  fc.assert(fc.property(plain, (json) => assert.deepEqual(encodeValue(json as Value), json)), { seed });
});
const hasZero = (json: unknown): boolean =>
  Object.is(json, -0) || (typeof json === "object" && json !== null && Object.values(json).some(hasZero));

Deno.test("value: a clone is equal and shares nothing", () => {
  holds((value) => {
    const clone = cloneValue(value);
    assert.ok(equalValues(clone, value) && equalValues(value, clone));
    if (typeof value === "object" && value !== null) assert.notEqual(clone, value);
    if (value instanceof NDArray && value.size > 0) {
      clone as NDArray;
      (clone as NDArray).bytes[0]! ^= 1;
      assert.ok(!equalValues(clone, value));
    }
  });
});

Deno.test("value: what JSON lacks is tagged", () => {
  const encoded: [Value, Json][] = [
    [NaN, { $number: "NaN" }],
    [-0, { $number: "-0" }],
    [-Infinity, { $number: "-Infinity" }],
    [12n, { $bigint: "12" }],
    [new Date(0), { $date: "1970-01-01T00:00:00.000Z" }],
    [undefined, { $undefined: true }],
    [{ $x: NaN }, { $record: { $x: { $number: "NaN" } } }],
    [{ $x: 1, y: 2 }, { $x: 1, y: 2 }],
    [new NDArray("uint16", [2], [1, 258]), { $ndarray: { dtype: "uint16", shape: [2], data: "AQACAQ==" } }],
  ];
  for (const [value, json] of encoded) assert.deepEqual(encodeValue(value), json);
});

Deno.test("value: arrays can be put elsewhere", () => {
  const array = new NDArray("int8", [1], [5]);
  const json = encodeValue({ a: [array] }, () => ({ $ndarray: 0 }));
  assert.deepEqual(json, { a: [{ $ndarray: 0 }] });
  assert.deepEqual(decodeValue(json, (reference) => [array][reference as number]!), { a: [array] });
});

Deno.test("value: damaged tags are errors", () => {
  const damaged: [Json, string][] = [
    [{ $number: "x" }, 'Cannot decode a value: {"$number": "x"} is none'],
    [{ $bigint: "1.5" }, 'Cannot decode a value: {"$bigint": "1.5"} is none'],
    [{ $date: "soon" }, 'Cannot decode a value: {"$date": "soon"} is none'],
    [
      { $ndarray: { dtype: "text", shape: [], data: "" } },
      'Cannot decode an array: found {"dtype":"text","shape":[],"data":""}',
    ],
  ];
  for (const [json, message] of damaged) assert.throws(() => decodeValue(json), { name: "SyntaxError", message });
  assert.deepEqual(decodeValue({ $schema: "x" }), { $schema: "x" }, "a tag that is not ours is a user's");
});

Deno.test("value: equality is of bits and of kinds; an absent key is one that is undefined", () => {
  const unequal: [Value, Value][] = [
    [0, -0],
    [1, 1n],
    [1, "1"],
    [null, undefined],
    [[], {}],
    [[undefined], []],
    [new Date(0), new Date(1)],
    [new Date(0), {}],
    [{ a: 1 }, { a: 1, b: null }],
    [new NDArray("int8", [2], [1, 2]), new NDArray("int8", [1, 2], [1, 2])],
    [new NDArray("int8", [1], [1]), new NDArray("uint8", [1], [1])],
    [new NDArray("float32", [1], [0]), new NDArray("float32", [1], [-0])],
  ];
  for (const [a, b] of unequal) assert.ok(!equalValues(a, b) && !equalValues(b, a), Deno.inspect([a, b]));
  assert.ok(equalValues({ a: 1, b: undefined }, { a: 1 }));
  assert.ok(equalValues([NaN, { x: new Date(3) }], [NaN, { x: new Date(3) }]));
  holds((value) => assert.ok(equalValues(value, value)));
});

Deno.test("value: isValue and isRecord know instances of classes from values", () => {
  class Odd {}
  for (
    const foreign of [
      new Map(),
      new Odd(),
      () => 1,
      Symbol("x"),
      [new Odd()],
      { a: { b: () => 1 } },
      new Float32Array(1),
    ]
  ) {
    assert.equal(isValue(foreign), false);
  }
  assert.ok(isRecord(Object.create(null)) && isRecord({}) && !isRecord(new Odd()) && !isRecord([]) && !isRecord(null));
  holds((value) => assert.ok(isValue(value)));
});

Deno.test("keys that every object has are keys as others are", () => {
  assert.ok(equalValues({}, { constructor: undefined, toString: undefined, ["__proto__"]: undefined }));
  assert.ok(!equalValues({}, { ["__proto__"]: {} }));
  assert.ok(!equalValues({ ["__proto__"]: {} }, {}));
  assert.ok(equalValues({ constructor: [1] }, { constructor: [1] }));
});

import assert from "node:assert/strict";
import { decodeId, decodeKey, encodeId, encodeKey } from "../../src/store/mongo/key.ts";
import { toMongoFilter } from "../../src/store/mongo/filter.ts";

const asked = (where: object) => toMongoFilter(where as never, "value");

Deno.test("MongoStore asks the database what it can know", () => {
  assert.deepEqual(asked({ a: 1 }), { "value.a": 1 });
  assert.deepEqual(asked({ _id: "x", a: "t" }), { $and: [{ _id: "x" }, { "value.a": "t" }] });
  assert.deepEqual(asked({ _id: { $in: ["x", "y"], $ne: "x" } }), { _id: { $in: ["x", "y"] } });
  assert.deepEqual(asked({ "a.b": true }), { $or: [{ "value.a%2eb": true }, { "value.a.b": true }] });
  assert.deepEqual(asked({ a: { $gt: 2 } }), { $or: [{ "value.a": { $gt: 2 } }, { "value.a": { $type: "object" } }] });
  assert.deepEqual(asked({ a: { $in: [1, null] } }), { "value.a": { $in: [1, null] } });
  assert.deepEqual(asked({ $or: [{ a: 1 }, { b: 2 }] }), { $or: [{ "value.a": 1 }, { "value.b": 2 }] });
  assert.deepEqual(asked({ $and: [{ a: 1 }, { b: { $ne: 2 } }] }), { "value.a": 1 });
});

Deno.test("MongoStore looks itself where the database would find too little", () => {
  const unknowable = [
    { a: 0 },
    { a: NaN },
    { a: 5n },
    { a: undefined },
    { a: "\ud83d" },
    { a: { $gt: "é" } },
    { a: { $in: [1, 0] } },
    { a: { $in: [] } },
    { a: { $exists: false } },
    { a: { $not: { $gt: 1 } } },
    { a: { b: 1 } },
    { a: /x/ },
    { _id: 3 },
    { _id: { $in: ["x", /y/] } },
    { "a.0": 1 },
    { "a.length": 1 },
    { "a.$date": "x" },
    { $or: [{ a: 1 }, { a: 0 }] },
    { $not: { a: 1 } },
  ];
  for (const where of unknowable) assert.deepEqual(asked(where), {}, Deno.inspect(where));
});

Deno.test("keys and ids come back from what MongoDB takes", () => {
  const texts = [
    "",
    "a",
    "a.b",
    "$a",
    "%",
    "%25",
    "%u",
    "%u0041",
    "__proto__",
    "%__proto__",
    "toString",
    "%toString",
    "_bsontype",
    "a\0b",
    "é😀",
    "\ud83d",
    "x\udc00%",
  ];
  const keys = texts.map(encodeKey), ids = texts.map(encodeId);
  assert.deepEqual(keys.map(decodeKey), texts);
  assert.deepEqual(ids.map(decodeId), texts);
  assert.equal(new Set(keys).size, texts.length);
  assert.ok(keys.every((key) => key !== "" && key.isWellFormed() && !/[.$\0]/.test(key)));
  assert.ok(ids.every((id) => id.isWellFormed()));
});

import assert from "node:assert/strict";
import { toPredicate } from "../../../src/store/documents/filter.ts";

const document = { a: 1, b: { c: [1, { d: "text" }], e: null }, "x.y": 2, at: new Date(5), nan: NaN, big: 5n };

Deno.test("filters", () => {
  const fits: [object, boolean][] = [
    [{}, true],
    [{ a: 1, "b.c.1.d": "text" }, true],
    [{ "x.y": 2 }, true],
    [{ b: { c: [1, { d: "text" }], e: null } }, true],
    [{ b: { c: [1] } }, false],
    [{ nan: NaN, at: new Date(5) }, true],
    [{ a: { $gt: 0, $lte: 1 } }, true],
    [{ a: { $gt: 1 } }, false],
    [{ a: { $gt: "0" } }, false],
    [{ big: { $gte: 5 }, at: { $lt: new Date(6) } }, true],
    [{ nan: { $gte: NaN } }, false],
    [{ a: { $ne: 1 } }, false],
    [{ a: { $in: [3, 1] }, big: { $nin: [1n] } }, true],
    [{ z: { $exists: false }, "b.e": { $exists: true } }, true],
    [{ "b.c.1.d": { $regex: "^te" } }, true],
    [{ "b.c.1.d": { $regex: /TEXT/gi } }, true],
    [{ "b.c.1.d": /TEXT/i }, true],
    [{ "b.c.1.d": /TEXT/, a: 1 }, false],
    [{ a: /1/ }, false],
    [{ "b.c.1.d": { $regex: "TEXT", $options: "i" } }, true],
    [{ "b.c.1.d": { $in: [1, /^te/] } }, true],
    [{ "b.c.1.d": { $nin: [/^te/] } }, false],
    [{ "b.c.1.d": { $not: /^x/ } }, true],
    [{ a: { $not: { $gt: 1 } } }, true],
    [{ $or: [{ a: 2 }, { big: 5n }], $and: [{ a: 1 }, { $not: { a: 2 } }] }, true],
    [{ "__proto__.a": 1 }, false],
    [{ constructor: { $exists: true } }, false],
  ];
  for (const [filter, expected] of fits) {
    assert.equal(
      toPredicate(filter)(document),
      expected,
      JSON.stringify(filter, (_, v) => typeof v === "bigint" ? `${v}n` : v),
    );
  }
});

Deno.test("wrong filters are named before any document is seen", () => {
  assert.throws(() => toPredicate({ a: { $gtr: 1 } }), { name: "TypeError", message: /"\$gtr".*did you mean "\$gt"/ });
  assert.throws(() => toPredicate({ $nor: [] }), /"\$nor".*did you mean "\$or"/);
  assert.throws(() => toPredicate({ a: { $in: 3 } }), /"\$in": it takes a list, found number/);
  assert.throws(() => toPredicate({ a: { $regex: "(" } }), SyntaxError);
  assert.throws(() => toPredicate({ a: { $regex: "a", $options: "q" } }), /"\$options"/);
  assert.throws(() => toPredicate({ a: { $options: "i" } }), /"\$regex" beside it/);
  assert.throws(() => toPredicate({ a: { $exists: 1 } }), /true or false/);
  assert.throws(() => toPredicate({ a: { $gt: 1, b: 2 } }), /mixes operators and keys/);
  assert.throws(() => toPredicate([] as never), /found a list/);
});

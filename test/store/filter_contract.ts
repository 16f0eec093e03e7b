import assert from "node:assert/strict";
import { NDArray } from "../../src/module/ndarray.ts";
import type { Document, Query } from "../../src/store/documents/access_request.ts";
import type { DBInterface } from "../../src/store/db_interface.ts";
import { filterLaw } from "./filter_law.ts";
import { floats } from "./store_contract.ts";

const small = new NDArray("float32", [2], [1, NaN]);

/** Documents by what is odd about them: `_id` tells. */
const values: Record<string, unknown> = {
  zero: 0,
  "minus zero": -0,
  one: 1,
  "one, large": 1n,
  tenth: 0.1,
  sum: 0.1 + 0.2,
  tiny: 5e-324,
  huge: 1e300,
  "beyond whole numbers": 2 ** 53 + 2,
  "beyond, exactly": 2n ** 53n + 1n,
  "very large": 2n ** 80n,
  NaN: NaN,
  infinity: Infinity,
  "minus infinity": -Infinity,
  null: null,
  undefined: undefined,
  true: true,
  false: false,
  empty: "",
  text: "text",
  TEXT: "TEXT",
  digits: "1",
  accent: "é",
  "accent in two": "e\u0301",
  smile: "a 😀 b",
  nul: "a\u0000b",
  half: "a\ud83d",
  private: "a\ue000b",
  quotes: `it's "\\ %_`,
  "two lines": "one\ntwo",
  date: new Date("2024-02-29T12:00:00.123Z"),
  later: new Date("2024-03-01"),
  ancient: new Date("-000044-03-15"),
  "far future": new Date("+012345-01-01"),
  "text of a date": "2024-02-29T12:00:00.123Z",
  array: small,
  "array of doubles": new NDArray("float64", [2], [1, NaN]),
  "large array": floats(3),
  list: [1, "a", null],
  "empty list": [],
  "nested list": [[1], [2, { b: 3 }]],
  record: { a: 1, b: { c: [1, { d: "text" }], e: null } },
  "empty record": {},
  "looks like a date": { $date: "2024-02-29T12:00:00.123Z" },
  "looks like a number": { $number: "NaN" },
};

const documents: Document[] = [
  ...Object.entries(values).map(([_id, v], n) => ({ _id, n, v })),
  { _id: "nothing", n: 100 },
  { _id: "dotted", n: 101, "v.a": 7, "x.y": 2, v: { a: 1 } },
  { _id: "dots inside", n: 102, v: { "a.b": 5, a: { b: 6 } } },
  {
    _id: "odd keys",
    n: 103,
    'q"u': 1,
    "b\\s": 2,
    "": 3,
    "0": 4,
    $s: 5,
    ["__proto__"]: 6,
    length: 7,
    "k\u0000": 8,
    é: 9,
  },
  { _id: "keys of every object", n: 104, toString: [[1]], constructor: { valueOf: [[2]] }, _bsontype: "Long" },
];

const anyDate = new Date("2024-02-29T12:00:00.123Z");

/** Filters and the `_id`s of the documents that fit, in the order in which they were written. */
const cases: [filter: Document, ids: string[]][] = [
  [{ v: 1 }, ["one"]],
  [{ v: 1n }, ["one, large"]],
  [{ v: 0 }, ["zero", "minus zero"]],
  [{ v: -0 }, ["zero", "minus zero"]],
  [{ v: 0.1 }, ["tenth"]],
  [{ v: 0.30000000000000004 }, ["sum"]],
  [{ v: 5e-324 }, ["tiny"]],
  [{ v: 1e300 }, ["huge"]],
  [{ v: NaN }, ["NaN"]],
  [{ v: Infinity }, ["infinity"]],
  [{ v: null }, ["null"]],
  [{ v: undefined }, ["undefined", "nothing", "odd keys", "keys of every object"]],
  [{ toString: [[1]], _bsontype: "Long" }, ["keys of every object"]],
  [{ "constructor.valueOf": [[2]] }, ["keys of every object"]],
  [{ v: true }, ["true"]],
  [{ v: "" }, ["empty"]],
  [{ v: "é" }, ["accent"]],
  [{ v: "a\u0000b" }, ["nul"]],
  [{ v: "a\ud83d" }, ["half"]],
  [{ v: "a\ue000b" }, ["private"]],
  [{ v: `it's "\\ %_` }, ["quotes"]],
  [{ v: anyDate }, ["date"]],
  [{ v: { $eq: anyDate.toISOString() } }, ["text of a date"]],
  [{ v: small }, ["array"]],
  [{ v: floats(3) }, ["large array"]],
  [{ v: floats(4) }, []],
  [{ v: [1, "a", null] }, ["list"]],
  [{ v: [] }, ["empty list"]],
  [{ v: { b: { e: null, c: [1, { d: "text" }] }, a: 1 } }, ["record"]],
  [{ v: { a: 1, x: undefined } }, ["dotted"]],
  [{ v: {} }, ["empty record"]],
  [{ "v.$date": anyDate.toISOString() }, ["looks like a date"]],
  [{ "v.$number": "NaN" }, ["looks like a number"]],
  [{ v: { $gt: 1 } }, ["huge", "beyond whole numbers", "beyond, exactly", "very large", "infinity"]],
  [{ v: { $gte: 2n ** 53n + 1n } }, ["huge", "beyond whole numbers", "beyond, exactly", "very large", "infinity"]],
  [{ v: { $gt: 2 ** 53, $lt: 2 ** 53 + 2 } }, ["beyond, exactly"]],
  [{ v: { $lt: 0 } }, ["minus infinity"]],
  [{ v: { $lte: 0 } }, ["zero", "minus zero", "minus infinity"]],
  [{ v: { $gt: NaN } }, []],
  [{ v: { $gte: "e", $lt: "f" } }, ["accent in two"]],
  [{ v: { $gt: "\uffff" } }, []],
  [{ v: { $gt: "é" } }, []],
  [{ v: { $gte: anyDate } }, ["date", "later", "far future"]],
  [{ v: { $lt: anyDate } }, ["ancient"]],
  [{ v: { $gt: null } }, []],
  [{ v: { $in: [NaN, "text", 7] } }, ["NaN", "text"]],
  [{ v: { $in: [] } }, []],
  [
    { v: { $in: [undefined, [], floats(3)] } },
    ["undefined", "large array", "empty list", "nothing", "odd keys", "keys of every object"],
  ],
  [{ v: { $nin: Object.values(values) } }, ["dotted", "dots inside"]],
  [{ v: { $ne: 1 }, n: { $lt: 4 } }, ["zero", "minus zero", "one, large"]],
  [{ v: { $exists: false } }, ["undefined", "nothing", "odd keys", "keys of every object"]],
  [{ v: { $exists: true, $in: [undefined, null] } }, ["null"]],
  [{ v: { $regex: "^te" } }, ["text"]],
  [{ v: { $regex: /^te/i } }, ["text", "TEXT"]],
  [{ v: { $regex: /^two$/m } }, ["two lines"]],
  [{ v: { $regex: /\p{Emoji_Presentation}/u } }, ["smile"]],
  [{ v: { $regex: /^.$/u } }, ["digits", "accent"]],
  [{ v: { $not: { $ne: true } } }, ["true"]],
  [{ v: { $not: { $exists: true } }, n: 100 }, ["nothing"]],
  [{ $or: [{ v: "text" }, { v: false }, { n: 100, v: 3 }] }, ["false", "text"]],
  [{ $and: [{ n: { $gte: 2 } }, { n: { $lte: 3 } }, { $not: { v: 1n } }] }, ["one"]],
  [{ $or: [] }, []],
  [{ $and: [], n: 2 }, ["one"]],
  [{ "v.b.c.1.d": "text" }, ["record"]],
  [{ "v.0": 1 }, ["list"]],
  [{ "v.1.1.b": 3 }, ["nested list"]],
  [{ "v.length": 3 }, ["list"]],
  [{ "v.a": 1 }, ["record"]],
  [{ "v.a": 7 }, ["dotted"]],
  [{ "x.y": 2 }, ["dotted"]],
  [{ "v.a.b": 6 }, ["dots inside"]],
  [{ 'q"u': 1, "b\\s": 2, "": 3, "0": 4, length: 7, "k\u0000": 8, é: 9 }, ["odd keys"]],
  [{ ["__proto__"]: 6 }, ["odd keys"]],
  [{ _id: "smile" }, ["smile"]],
  [{ _id: { $in: ["smile", "no such"] } }, ["smile"]],
  [{ _id: { $in: [] } }, []],
  [{ _id: { $in: ["smile", "zero"], $ne: "zero" }, n: { $gt: 0 } }, ["smile"]],
  [{ _id: { $in: ["smile", 3, undefined] } }, ["smile"]],
  [{ _id: { $in: ["zero", /^smile/] } }, ["zero", "smile"]],
  [{ _id: { $in: Array.from({ length: 30_000 }, (_, i) => `${i}`).concat("smile") } }, ["smile"]],
  [{ _id: 3 }, []],
  [{ v: /^T/i }, ["text", "TEXT"]],
  [{ v: { $in: [/^two$/m, -0, NaN] } }, ["zero", "minus zero", "NaN", "two lines"]],
  [{ v: { $nin: [/./s, ...Object.values(values).filter((v) => typeof v !== "string")] } }, [
    "empty",
    "dotted",
    "dots inside",
  ]],
  [{ v: { $regex: "^TE", $options: "i" } }, ["text", "TEXT"]],
];

const shown = (filter: Document): string =>
  JSON.stringify(filter, (_, v) => typeof v === "bigint" ? `${v}n` : v === undefined ? "undefined" : v).slice(0, 200);

/** What filters, orders and selections mean, the same in every store. */
export function filterContract(name: string, make: () => DBInterface | Promise<DBInterface>): void {
  const test = (what: string, body: (db: DBInterface) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      const db = await make();
      try {
        await db.access({ write: { collection: "odd", documents } });
        await body(db);
      } finally {
        await db.close();
      }
    });
  const ask = (db: DBInterface, query: Partial<Query>) => db.access({ query: { collection: "odd", ...query } });
  const ids = async (db: DBInterface, query: Partial<Query>) => (await ask(db, query)).map(({ _id }) => _id);

  test("odd values come back", async (db) => {
    assert.deepEqual(await ask(db, {}), documents);
  });

  test("filters over odd values", async (db) => {
    for (const [where, expected] of cases) assert.deepEqual(await ids(db, { where }), expected, shown(where));
  });

  test("orders: mixed kinds, ties in the order of writing", async (db) => {
    const numbers = ["minus infinity", "zero", "minus zero", "tiny", "tenth", "sum", "one", "one, large"];
    const where = {
      _id: { $in: [...numbers, "NaN", "null", "nothing", "digits", "TEXT", "later", "ancient", "list"] },
    };
    const upwards = ["null", "nothing", "NaN", ...numbers, "digits", "TEXT", "ancient", "later", "list"];
    assert.deepEqual(await ids(db, { where, sort: { v: 1 } }), upwards);
    const downwards = await ids(db, { where, sort: { v: -1, n: -1 } });
    assert.deepEqual(downwards, upwards.toReversed());
    assert.deepEqual(await ids(db, { where, sort: { v: 1 }, skip: 2, limit: 3 }), upwards.slice(2, 5));
    assert.deepEqual(await ids(db, { where, skip: 1, limit: 0 }), []);
    assert.deepEqual(await ids(db, { sort: { n: -1 }, limit: 2 }), ["keys of every object", "odd keys"]);
    assert.deepEqual(await ids(db, { skip: 1000 }), []);
  });

  test("selections by dotted paths and keys with dots", async (db) => {
    const one = async (_id: string, select: string[]) => (await ask(db, { where: { _id }, select }))[0];
    assert.deepEqual(await one("record", ["v.b.e", "v.a"]), { _id: "record", v: { b: { e: null }, a: 1 } });
    assert.deepEqual(await one("dotted", ["v.a"]), { _id: "dotted", "v.a": 7 });
    assert.deepEqual(await one("dots inside", ["v.a.b", "none"]), { _id: "dots inside", v: { a: { b: 6 } } });
    assert.deepEqual(await one("large array", ["v"]), { _id: "large array", v: floats(3) });
    assert.deepEqual(await one("odd keys", ["n"]), { _id: "odd keys", n: 103 });
  });

  test("what is deleted is what the filter finds", async (db) => {
    const deleted = await db.access({ delete: { collection: "odd", where: { v: { $in: [NaN, 0] } } } });
    assert.deepEqual(deleted, [{ _id: "zero" }, { _id: "minus zero" }, { _id: "NaN" }]);
    const left = documents.filter(({ _id }) => !["zero", "minus zero", "NaN"].includes(_id));
    assert.deepEqual(await ask(db, {}), left);
    await db.access({ delete: { collection: "odd", where: {} } });
    assert.deepEqual(await ask(db, {}), []);
  });

  test("wrong queries are named before anything is looked for", async (db) => {
    await assert.rejects(ask(db, { where: { v: { $gtr: 1 } } }), /"\$gtr".*did you mean "\$gt"/);
    await assert.rejects(ask(db, { sort: { v: 2 as 1 } }), /Cannot sort by "v"/);
    for (const wrong of [-1, 1.5, NaN, null, "2"]) {
      await assert.rejects(ask(db, { limit: wrong as number }), /"limit" is .*give a whole number from 0 on/);
      await assert.rejects(ask(db, { skip: wrong as number }), /"skip" is/);
    }
    for (const wrong of [null, "n", ["n"]]) await assert.rejects(ask(db, { sort: wrong as never }), /Cannot sort by/);
    for (const operand of [new Map(), { $eq: new Set() }, { $in: [() => 1] }]) {
      await assert.rejects(ask(db, { where: { v: operand } }), /Cannot use .* it takes plain values, dates, NDArrays/);
    }
    await assert.rejects(ask(db, { where: { v: { $regex: "(" } } }), { name: "SyntaxError" });
  });

  test("what can't be kept is refused, and nothing of it is written", async (db) => {
    const ring: Document = {};
    ring.self = ring;
    for (
      const [value, why] of [[new Date(NaN), /an invalid date/], [[{ a: new Map() }], /a Map/], [ring, /or itself/]]
    ) {
      const write = db.access({ write: { collection: "odd", documents: [{ _id: "new" }, { _id: "x", value }] } });
      const message = new RegExp(`"value" of document 1 can't be stored: it holds .*${(why as RegExp).source}`);
      await assert.rejects(write, { name: "TypeError", message });
    }
    assert.equal((await ask(db, {})).length, documents.length);
  });

  test("any query gives what the plain predicate gives", filterLaw);
}

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { NDArray } from "../../src/module/ndarray.ts";
import { SqlDataset } from "../../src/store/sql_dataset.ts";
import { isOneQuery, isOrdered } from "../../src/store/sql/sql_order.ts";
import { testDataset } from "../data/dataset_contract.ts";
import { PostgresServer } from "../servers/postgres.ts";
import { temporary } from "./temporary.ts";

const path = join(temporary(), "flowers.db");
const db = new DatabaseSync(path);
db.exec("create table flowers (id integer primary key, petal real, n int, name text, pixels blob)");
db.exec("begin");
const insert = db.prepare("insert into flowers values (?, ?, ?, ?, ?)");
for (let i = 0; i < 10_000; i++) insert.run(i, i / 2, i, i % 3 === 0 ? "it's" : "b", Uint8Array.of(i % 256, 7));
db.exec("commit");
db.close();

const query = "SELECT petal, n, name, pixels FROM flowers WHERE id >= ? ORDER BY id";
const make = (changes: object) =>
  SqlDataset.configure({ path, query, parameters: [0], input: ["petal", "n"], target: "name", ...changes } as never);

testDataset("SqlDataset of columns", () => make({}));
testDataset("SqlDataset of blobs", () => make({ input: "pixels", scale: 0.5, memory: 100 }));

Deno.test("SqlDataset: the rows of the query, in its order", async () => {
  const dataset = await make({ parameters: [9_990] });
  assert.deepEqual([dataset.size, dataset.classes], [10, ["b", "it's"]]);
  assert.deepEqual(dataset(0), { input: new NDArray("float32", [2], [4995, 9990]), target: 1 });
  assert.equal((await make({})).size, 10_000);
  assert.equal((await make({ query: `${query};` })).size, 10_000);
  assert.equal((await make({ query: `${query} -- all of them` })).size, 10_000);
});

Deno.test("SqlDataset: parameters are bound, not read as SQL", async () => {
  const named = (name: string) =>
    make({ query: "select petal, name from flowers where name = ? order by id", parameters: [name], input: "petal" });
  assert.equal((await named("it's")).size, 3334);
  assert.equal((await named("x' or '1'='1")).size, 0);
  assert.equal(
    (await make({
      query: "select petal, name from flowers where id < ? and ? order by id",
      parameters: [5, true],
      input: "petal",
    })).size,
    5,
  );
});

Deno.test("SqlDataset: an order is demanded, or the rows are sorted by what they hold", async () => {
  const loose = "select name, petal from flowers where id < 5";
  await assert.rejects(
    make({ query: loose, parameters: [], input: "petal" }),
    /^TypeError: .*query: nothing says in which order .*add ORDER BY a key, or set anyOrder/,
  );
  const inOrder = (order: string) =>
    make({ query: `${loose} ${order}`, parameters: [], input: "petal", anyOrder: true });
  const [up, down] = [await inOrder("order by id"), await inOrder("order by id desc")];
  assert.deepEqual(await up.gather([0, 1, 2, 3, 4]), await down.gather([0, 1, 2, 3, 4]));
  assert.equal(await up.digest(), await down.digest());
});

Deno.test("SqlDataset: says what is wrong, and writes nothing", async () => {
  const before = Deno.readFileSync(path);
  const wrong: [object, RegExp][] = [
    [{ path: "no.db" }, /^Error: Cannot query "no.db": there is no such file, or it may not be read/],
    [{ path: new URL(import.meta.url).pathname }, /^Error: Cannot query ".*": file is not a database/],
    [{ query: "select x from flowers order by id", parameters: [] }, /^Error: Cannot query ".*": no such column: x/],
    [{ query: "selec petal order by 1" }, /^TypeError: .*query: it takes one query that reads/],
    [{ query: "delete from flowers" }, /^TypeError: .*query: it takes one query that reads/],
    [{ query: "select 1 order by 1; delete from flowers" }, /^TypeError: .*query: it takes one query that reads/],
    [{ query: "with a as (select 1) delete from flowers where id = ? order by id" }, /^Error: Cannot query/],
    [{ parameters: [1, 2, 3] }, /^Error: Cannot query ".*": /],
    [{ input: ["petl"] }, /^RangeError: Cannot find the column "petl" in the query of ".*": did you mean "petal"\?/],
    [{ input: ["name"], target: "n" }, /^TypeError: Cannot use "name" in row 1 of the query of ".*" as a number/],
    [{
      query: "select abs(-9223372036854775808 + id) as petal, n, name from flowers where id < 9 + ? order by id desc",
    }, /^Error: Cannot query ".*": (integer overflow|the query failed after \d of 9 rows)/],
  ];
  for (const [changes, message] of wrong) await assert.rejects(make(changes), message);
  assert.deepEqual(Deno.readFileSync(path), before);
});

Deno.test("SQL: what orders a query's rows", () => {
  const ordered = [
    "select 1 order by 1",
    "SELECT a\nFROM t\nORDER\n BY a LIMIT 3",
    "with x as (select 2) select * from x order by 1;",
  ];
  const loose = [
    "select 1",
    "select * from (select * from t order by a)",
    "select row_number() over (order by a) from t",
    "select 1 -- order by 1",
    "select 1 /* order by 1 */",
    "select 'order by 1'",
    'select "order by" from t',
    "select $$ order by 1 $$",
  ];
  for (const sql of ordered) assert.ok(isOrdered(sql) && isOneQuery(sql), sql);
  for (const sql of loose) assert.ok(!isOrdered(sql) && isOneQuery(sql), sql);
  for (const sql of ["", "delete from t", "select 1; select 2", "pragma x", "update t set a = 'select'"]) {
    assert.ok(!isOneQuery(sql), sql);
  }
});

const server = await PostgresServer.start();
if (server !== undefined) {
  const { default: pg } = await import("pg");
  const { host, port, user, password, database } = server;
  Deno.env.set("PTUTILS_TEST_PG_PASSWORD", password);
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  await client.query(
    "create table flowers (id bigint, petal float8, n numeric, name text, pixels bytea, list real[], j jsonb)",
  );
  await client.query(
    `insert into flowers select i, i / 2.0, i, case when i % 3 = 0 then 'it''s' else 'b' end, decode('0107', 'hex'),
      array[i, 1.5], '[1, 2, 3]' from generate_series(0, 9999) i`,
  );
  await client.query("insert into flowers (id, name) values (9007199254740993, 'large')");
  await client.end();
  const address = `postgres://${user}:\${PTUTILS_TEST_PG_PASSWORD}@${host}:${port}/${database}`;
  const from = (changes: object) =>
    SqlDataset.configure({
      url: address,
      query: "SELECT * FROM flowers WHERE id >= $1 and id < 10000 ORDER BY id;",
      parameters: [0],
      input: ["petal", "n"],
      target: "name",
      ...changes,
    } as never);

  testDataset("SqlDataset of Postgres", () => from({}));
  testDataset("SqlDataset of Postgres's arrays", () => from({ input: "list", target: "j", parameters: [9900] }));

  Deno.test("SqlDataset of Postgres: the rows of the query, in its order", async () => {
    const dataset = await from({ parameters: [9_990] });
    assert.deepEqual([dataset.size, dataset.classes], [10, ["b", "it's"]]);
    assert.deepEqual(dataset(0), { input: new NDArray("float32", [2], [4995, 9990]), target: 1 });
    assert.equal((await from({})).size, 10_000);
    assert.deepEqual((await from({ input: "pixels", parameters: [9999] }))(0).input, new NDArray("uint8", [2], [1, 7]));
    const bound = await from({
      query: "select petal, name from flowers where name = $1 order by id",
      parameters: ["x' or '1'='1"],
      input: "petal",
    });
    assert.equal(bound.size, 0);
    const sqlite = await make({ query: query.replace(", pixels", "") });
    const same = await from({ query: "select petal, n, name from flowers where id >= $1 and id < 10000 order by id" });
    assert.equal(await same.digest(), await sqlite.digest(), "the same rows, whichever database has them");
  });

  Deno.test("SqlDataset of Postgres: says what is wrong, without the login, and writes nothing", async () => {
    const wrong: [object, RegExp][] = [
      [
        { query: "select x from flowers order by id", parameters: [] },
        /^Error: Cannot query "postgres:\/\/.*": column "x" does not exist; check/,
      ],
      [
        { query: "with a as (delete from flowers returning id) select id from a order by id", parameters: [] },
        /^Error: Cannot query ".*": (cannot execute|DECLARE CURSOR must not)/,
      ],
      [
        { url: address.replace("${PTUTILS_TEST_PG_PASSWORD}", "${PTUTILS_TEST_WRONG}") },
        /^Error: .*(password authentication failed|the variable PTUTILS_TEST_WRONG is not set)/,
      ],
      [
        { url: `postgres://${host}:1/none?user=x` },
        /^Error: Cannot query "postgres:\/\/127.0.0.1:1\/none\?\.\.\.": /,
      ],
      [{ url: "mysql://x/y" }, /^TypeError: .*url: expected an address as postgres:/],
      [{ path }, /^TypeError: .*path: give the path .* not both/],
      [{ url: `postgres://me:hidden@${host}/x` }, /^TypeError: .*url: the address holds a password/],
    ];
    for (const [changes, message] of wrong) {
      await assert.rejects(async () => await from(changes), (error: Error) => {
        assert.match(String(error), message);
        assert.doesNotMatch(Deno.inspect(error), new RegExp(`hidden|${password}`));
        return true;
      });
    }
    assert.equal((await from({ input: "petal" })).size, 10_000);
  });
}

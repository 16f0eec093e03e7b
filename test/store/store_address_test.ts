import assert from "node:assert/strict";
import { PostgresStore } from "../../src/store/postgres_store.ts";
import { storeConfiguration } from "../../src/store/store_address.ts";

const addresses: Record<string, object> = {
  "runs": { LowdbStore: { path: "runs" } },
  "../my runs/x.y": { LowdbStore: { path: "../my runs/x.y" } },
  "C:\\runs": { LowdbStore: { path: "C:\\runs" } },
  "file:///a%20b": { LowdbStore: { path: "/a b" } },
  "file:runs": { LowdbStore: { path: "runs" } },
  "sqlite://runs.db": { SqliteStore: { path: "runs.db" } },
  "sqlite:a:b@c.db": { SqliteStore: { path: "a:b@c.db" } },
  "sqlite:runs.db": { SqliteStore: { path: "runs.db" } },
  "sqlite:/data/runs.db": { SqliteStore: { path: "/data/runs.db" } },
  "sqlite:///data/runs.db": { SqliteStore: { path: "/data/runs.db" } },
  "postgres://ada@db.example.org:5433/lab": {
    PostgresStore: { host: "db.example.org", port: 5433, database: "lab", user: "ada" },
  },
  "postgresql://db/lab": { PostgresStore: { host: "db", database: "lab" } },
  "postgres://[::1]:5432/lab": { PostgresStore: { host: "::1", port: 5432, database: "lab" } },
  "mongodb://localhost:27018/lab": { MongoStore: { host: "localhost", port: 27018, database: "lab" } },
  "mongodb://ada@localhost": { MongoStore: { host: "localhost", user: "ada" } },
  "mongodb://ada@a:1,b:2/lab?tls=true": {
    MongoStore: { url: "mongodb://a:1,b:2/?tls=true", database: "lab", user: "ada" },
  },
  "mongodb+srv://cluster.example.org/lab": {
    MongoStore: { url: "mongodb+srv://cluster.example.org/", database: "lab" },
  },
  '{"SqliteStore": {"path": "x"}}': { SqliteStore: { path: "x" } },
  '{"dbInterface": {"SqliteStore": {"path": "x"}}}': { SqliteStore: { path: "x" } },
};
for (const [address, wanted] of Object.entries(addresses)) {
  Deno.test(`the store at ${address}`, () => assert.deepEqual(storeConfiguration(address), wanted));
}

Deno.test("a password in an address is refused, and not shown", () => {
  const addresses = [
    "postgres://ada:s3cret@db/lab",
    "mongodb://ada:s3cret@db/lab",
    "mongodb://ada:s3cret@a:1,b:2/lab",
    "postgres://ada:h1dden/s3cret@db/lab",
    "postgres://ada:h1dden@s3cret@db/lab",
    "postgres://ada:h1dden?s3cret#s3cret@db/lab",
    "postgres:ada:s3cret@db/lab",
    "mysql://ada:h1dden/s3cret@db/lab",
    "postgres://db/x?password=s3cret",
    "postgres://db/x?sslmode=require&sslpassword=s3cret",
    "mongodb://db/x?tlsCertificateKeyFilePassword=s3cret",
  ];
  for (const address of addresses) {
    assert.throws(() => storeConfiguration(address), (error: Error) => {
      assert.doesNotMatch(Deno.inspect(error), /s3cret|h1dden/);
      assert.match(
        error.message,
        /a password stands in its address.*leave it out and set (PGPASSWORD|MONGODB_PASSWORD)/,
      );
      return true;
    });
  }
});

Deno.test("a password in a store's address is refused, whatever characters it has", () => {
  for (const url of ["postgres://ada:s3cret@db/lab", "postgres://ada:h1dden/s3cret@db/lab"]) {
    assert.throws(() => new PostgresStore({ url }), (error: Error) => {
      assert.doesNotMatch(Deno.inspect(error), /s3cret/);
      assert.match(error.message, /url: has a password, which would be recorded; leave the password out/);
      return true;
    });
  }
});

Deno.test("what is no address is told with what one is", () => {
  for (const address of ["", "postgrs://db/lab", "{", '{"a": 1}', '["x"]'.replace("[", "{["), "postgres://db:x/lab"]) {
    assert.throws(() => storeConfiguration(address), /Cannot find a store .*a folder, sqlite:FILE/, address);
  }
  assert.throws(() => storeConfiguration("postgrs://db/lab"), /did you mean "postgres"/);
});

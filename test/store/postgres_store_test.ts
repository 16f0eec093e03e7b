import assert from "node:assert/strict";
import { join } from "node:path";
import { PostgresStore } from "../../src/store/postgres_store.ts";
import { newOptions, newStore, passwordEnv, startPostgres } from "../servers/postgres_store.ts";
import { filterContract } from "./filter_contract.ts";
import { record, storeContract } from "./store_contract.ts";
import { temporary } from "./temporary.ts";

const server = await startPostgres();
const read = { read: { collection: "r" } };

if (server !== undefined) {
  const make = () => newStore(server);
  storeContract("PostgresStore", make);
  filterContract("PostgresStore", make);

  Deno.test("PostgresStore makes nothing before the first write", async () => {
    const db = make(), other = new PostgresStore(newOptions(server));
    assert.deepEqual(await db.runs.list(), []);
    assert.equal(await db.runs.find("a"), undefined);
    assert.deepEqual(await db.access({ delete: { collection: "r", where: {} } }), []);
    await assert.rejects(db.runs.open("a"), /there is none/);
    await db.access({ write: { collection: "r", document: { _id: "a" } } });
    assert.deepEqual(await other.access(read), []);
    await Promise.all([db.close(), other.close()]);
  });

  Deno.test("PostgresStore goes on after it was closed", async () => {
    const db = make();
    await db.access({ write: { collection: "r", document: { _id: "a" } } });
    await db.close();
    await db.close();
    assert.deepEqual(await db.access(read), [{ _id: "a" }]);
    await (await db.runs.create(record("a"))).close();
    await db.close();
    assert.equal((await db.runs.list()).length, 1);
    await db.close();
  });

  Deno.test("two that make the tables at once are in no one's way", async () => {
    const options = newOptions(server);
    const stores = Array.from({ length: 3 }, () => new PostgresStore(options));
    await Promise.all(
      stores.map((db, i) => db.access({ write: { collection: "r", document: { _id: `${i}` } } })),
    );
    assert.equal((await stores[0]!.access(read)).length, 3);
    await Promise.all(stores.map((db) => db.close()));
  });

  Deno.test("the password comes from the environment or a file, and is in no error", async () => {
    const passwordFile = join(temporary(), "password");
    Deno.writeTextFileSync(passwordFile, `${server.password}\n`);
    const byFile = newStore(server, { passwordFile });
    assert.deepEqual(await byFile.access(read), []);
    await byFile.close();

    Deno.env.set("PTUTILS_TEST_WRONG_PASSWORD", "a wrong secret");
    const at = `Cannot reach PostgresStore at 127\\.0\\.0\\.1:${server.port}/postgres/s\\w+:`;
    const fails = async (more: Record<string, unknown>, message: RegExp) => {
      const db = newStore(server, { wait: 0, ...more });
      const error: Error = await db.access(read).then(() => assert.fail("it was let in"), (error) => error);
      assert.match(error.message, message);
      const all = Deno.inspect(error, { depth: 9 }) + Deno.inspect(db, { depth: 9 }) + db.configuration;
      for (const secret of [server.password, "a wrong secret"]) assert.ok(!all.includes(secret), all);
      await db.close();
    };
    const wrong = { passwordEnv: "PTUTILS_TEST_WRONG_PASSWORD" };
    await fails(wrong, new RegExp(`${at} it refuses the user's password \\(28P01\\); correct what passwordFile`));
    await fails(
      { passwordEnv: "PTUTILS_TEST_NO_PASSWORD" },
      /it asks for a password, and none was found; set PGPASSWORD/,
    );
    await fails({ passwordFile: "/no/such/file" }, /Cannot read the password .* from "\/no\/such\/file": NotFound/);
    await fails({ database: "nothing" }, /it has no such database \(3D000\); make it with createdb/);
    await fails({ port: 1 }, /at 127\.0\.0\.1:1\/postgres.*: nothing listens there; see that the server runs/);
    await fails({ host: "no.such.host.invalid" }, /there is no host of that name|can't be resolved now/);
  });

  Deno.test("tables of a newer version are left alone", async () => {
    const options = newOptions(server), db = new PostgresStore(options);
    await db.access({ write: { collection: "r", document: {} } });
    const { default: pg } = await import("pg");
    const client = new pg.Client({ ...options, password: Deno.env.get(passwordEnv) });
    await client.connect();
    await client.query(`insert into "${options.schema}".ptutils_migrations values ('9_future', '2100-01-01')`);
    await client.end();
    const later = new PostgresStore(options);
    await assert.rejects(later.access(read), /tables were made by a newer version of PTUtils \("9_future"\); update/);
    await Promise.all([db.close(), later.close()]);
  });

  Deno.test("a script that ends ends its process, whatever it left open", async () => {
    const script = `
      import { PostgresStore } from "ptutils";
      const db = new PostgresStore(${JSON.stringify(newOptions(server))});
      await db.access({ write: { collection: "r", document: { _id: "a" } } });
      await db.runs.create({ id: "a", name: "a", created: "", phase: "running", configuration: {}, provenance: {} });
      console.log((await db.runs.list()).length);`;
    const { stdout, success } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", script],
      cwd: new URL("../..", import.meta.url).pathname,
      stderr: "inherit",
    }).output();
    assert.ok(success);
    assert.equal(new TextDecoder().decode(stdout).trim(), "1");
  });
}

Deno.test("PostgresStore's options hold no secret", () => {
  const secret = "hunter22";
  const refused = (options: Record<string, unknown>, message: RegExp) => {
    assert.throws(() => new PostgresStore(options), (error: Error) => {
      assert.match(error.message, message);
      assert.ok(!Deno.inspect(error).includes(secret));
      return true;
    });
  };
  refused({ url: `postgres://ada:${secret}@host/lab` }, /url: has a password, which would be recorded; leave/);
  refused({ password: secret }, /unknown key "password"; write no password, which would be recorded: set PGPASSWORD/);
  refused({ url: "mysql://host/lab" }, /url: is no address; write "postgres:/);
  refused({ url: `postgres://host/lab?password=${secret}` }, /url: has a password, which would be recorded; leave/);
  refused({ url: "postgres://host/lab?sslmode=require" }, /url: has parameters; give them as options/);
  refused({ schema: "a-b" }, /schema: takes letters, digits and _/);
});

Deno.test("PostgresStore is told apart by its location", () => {
  const location = (options: Record<string, unknown>) => new PostgresStore(options).location;
  assert.equal(location({}), "127.0.0.1:5432/ptutils");
  assert.equal(location({ url: "postgres://ada@lab.example:6543/results" }), "lab.example:6543/results");
  assert.equal(
    location({ url: "postgres://lab.example", database: "results", schema: "s" }),
    "lab.example:5432/results/s",
  );
});

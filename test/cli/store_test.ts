import assert from "node:assert/strict";
import { LowdbStore } from "../../src/store/lowdb_store.ts";
import { addRun } from "../store/run_query_contract.ts";
import { FerretDbServer } from "../servers/ferretdb.ts";
import { PostgresServer } from "../servers/postgres.ts";
import { runTask } from "./program.ts";

async function folderWithRuns(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const db = new LowdbStore({ path: `${folder}/runs` });
  await addRun(db, "mnist-a", [0.5, 0.9, 0.8], { tags: ["first"] as never });
  await addRun(db, "mnist-b", [0.6, NaN, 0.7], { learningRate: 0.01, created: "2026-03-01T00:00:00.000Z" });
  await addRun(db, "cifar", [0.4], { optimizer: "Sgd" });
  await db.access({ write: { collection: "results", documents: [{ _id: "x", score: 1 }] } });
  return folder;
}

Deno.test("ptutils list: conditions, order, columns, JSON", async () => {
  const folder = await folderWithRuns();
  const list = async (...args: string[]) => await runTask("ptutils", folder, ["list", ...args]);
  const sorted = await list("--where", "best.validation/accuracy>0.65", "--sort", "-best.validation/accuracy");
  assert.equal(sorted.code, 0, sorted.err);
  const lines = sorted.out.trim().split("\n");
  assert.match(lines[0]!, /^run +phase +step +epoch +created \(UTC\) +best\.validation\/accuracy$/);
  assert.deepEqual(
    lines.slice(2).map((line) => line.split(/ {2,}/)),
    [
      ["mnist-a", "completed", "3", "2", "2026-01-01 00:00", "0.9000"],
      ["mnist-b", "completed", "3", "2", "2026-03-01 00:00", "0.7000"],
    ].map((cells) => cells),
  );
  const alone = await list("runs", "--sort", "-best.validation/accuracy"); // the store may stand alone
  assert.equal(alone.out, (await list("--sort", "-best.validation/accuracy")).out);
  const json = await list(
    ...["--where", "name~^mnist", "--where", '{"tags": "first"}', "--json", "--limit", "5"],
    ...["--columns", "id, optimizer.learningRate,tags"],
  );
  assert.deepEqual(JSON.parse(json.out), [{ id: "mnist-a", "optimizer.learningRate": 0.1, tags: ["first"] }], json.err);
  const whole = JSON.parse((await list("--json", "--where", "created>=2026-02")).out);
  assert.equal(whole[0].configuration.trainer.looper.epochs, 3);
  assert.match((await list("--where", "step>100")).out, /^no run in .*runs fits/);
});

Deno.test("ptutils list: what is wrong is named", async () => {
  const folder = await folderWithRuns();
  const fails = async (pattern: RegExp, ...args: string[]) => {
    const { code, err } = await runTask("ptutils", folder, ["list", ...args]);
    assert.equal(code, 1);
    assert.match(err, pattern);
    assert.doesNotMatch(err, /\n {4}at /);
  };
  await fails(
    /Cannot query runs by "best.validation\/acc": no run has it; did you mean/,
    "--where",
    "best.validation/acc>1",
  );
  await fails(/Cannot use --where "step": it takes a path, one of = != /, "--where", "step");
  await fails(/Cannot use --where \{"step"/, "--where", '{"step"');
  await fails(
    /"postgres:\/\/ada@db\/lab": a password stands in its address/,
    "--store",
    "postgres://ada:secret@db/lab",
  );
  await fails(/"postgrs" is no kind of store; did you mean "postgres"/, "--store", "postgrs://db/lab");
});

Deno.test("ptutils list: a file of SQLite that is given as a folder: how it is named", async () => {
  const folder = await folderWithRuns();
  assert.equal((await runTask("ptutils", folder, ["store", "copy", "runs", "sqlite:r.sqlite"])).code, 0);
  const { code, err } = await runTask("ptutils", folder, ["list", "--store", "r.sqlite"]);
  assert.equal(code, 1);
  const named = /: "(.*)" is a database of SQLite \(ENOTDIR\); name it (sqlite:.*), in a configuration (\{.*\}), or/
    .exec(err);
  assert.ok(named !== null, err);
  assert.deepEqual(JSON.parse(named[3]!), { SqliteStore: { path: named[1] } });
  for (const store of [named[2]!, named[3]!]) {
    assert.match((await runTask("ptutils", folder, ["list", "--store", store])).out, /^mnist-a +completed/m);
  }
});

Deno.test("ptutils store copy: to a database and back, named by addresses and files", async () => {
  const folder = await folderWithRuns();
  const run = async (...args: string[]) => await runTask("ptutils", folder, args);
  const both = await run("store", "copy", "runs", "sqlite:lab.db", "mnist-a", "--where", "name~mnist");
  assert.equal(both.code, 1);
  assert.match(both.err, /runs' names or --where, not both/);
  const some = await run("store", "copy", "runs", "sqlite:lab.db", "--where", "name~mnist");
  assert.equal(some.code, 0, some.err);
  assert.match(some.out, /^mnist-a: copied, 3 entries and 1 checkpoint$/m);
  const all = await run("store", "copy", "runs", "sqlite:lab.db");
  assert.equal(all.code, 0, all.err);
  assert.match(all.out, /^mnist-b: there already, 0 entries/m);
  assert.match(all.out, /^cifar: copied/m);
  assert.match(all.out, /^collection results: 1 document copied$/m);
  await Deno.writeTextFile(`${folder}/lab.yaml`, "dbInterface: { SqliteStore: { path: lab.db } }\n");
  const back = await run("store", "copy", "lab.yaml", "again", "cifar", "--as", "cifar-2");
  assert.equal(back.code, 0, back.err);
  const [here, there] = [new LowdbStore({ path: `${folder}/runs` }), new LowdbStore({ path: `${folder}/again` })];
  const { heartbeat: _, ...record } = (await here.runs.find("cifar"))!;
  assert.deepEqual(await there.runs.find("cifar-2"), { ...record, id: "cifar-2", name: "cifar-2" });
  assert.match((await run("show", "cifar", "--store", "sqlite:lab.db")).out, /cifar: (completed|died)/);
  assert.match((await run("list", "--store", "lab.yaml", "--sort", "id")).out, /cifar[^]*mnist-a[^]*mnist-b/);
  const schema = JSON.parse((await run("schema")).out);
  assert.ok("MirroredStore" in schema.$defs);
});

/** Whether `deno task ptutils` may read what the databases' drivers ask the environment for. */
const allowed = /--allow-env=\S*\bPGPASSWORD\b/.test(
  await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
);
const servers = allowed ? [await PostgresServer.start(), await FerretDbServer.start()] as const : [];
const [postgres, ferretdb] = servers;
if (!allowed) {
  console.log("SKIPPED: ptutils with real servers: its task in deno.json has no --allow-env=PGPASSWORD,...");
}
if (!allowed && Deno.env.has("CI")) throw new Error("Cannot test ptutils with real servers: see deno.json's task");

if (postgres !== undefined && ferretdb !== undefined) {
  Deno.test("ptutils store copy, list: with a Postgres and a MongoDB by their addresses", async () => {
    const folder = await folderWithRuns();
    Deno.env.set("PGPASSWORD", postgres.password);
    const sql = `postgres://${postgres.user}@127.0.0.1:${postgres.port}/${postgres.database}`;
    const mongo = `mongodb://127.0.0.1:${ferretdb.port}/cli`;
    const run = async (...args: string[]) => {
      const { code, out, err } = await runTask("ptutils", folder, args);
      assert.equal(code, 0, err);
      assert.doesNotMatch(out + err, new RegExp(postgres.password));
      return out;
    };
    assert.match(await run("store", "copy", "runs", sql, "--all"), /^mnist-a: copied, 3 entries/m);
    assert.match(await run("store", "copy", sql, mongo, "--where", "name~mnist"), /^mnist-b: copied, 3 entries/m);
    assert.match(await run("store", "copy", mongo, "back", "--all"), /^mnist-a: copied/m);
    for (const store of [sql, mongo, "back"]) {
      const out = await run("list", "--store", store, "--where", "best.validation/accuracy>0.8", "--json");
      assert.deepEqual(JSON.parse(out).map(({ id }: { id: string }) => id), ["mnist-a"]);
    }
    Deno.env.delete("PGPASSWORD");
    await Promise.all([postgres.close(), ferretdb.close()]);
  });
}

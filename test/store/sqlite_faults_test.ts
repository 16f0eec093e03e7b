import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SqliteStore } from "../../src/store/sqlite_store.ts";
import { childOf, processContract } from "./process_contract.ts";
import { checkpoint, collect, entry, floats, record } from "./store_contract.ts";
import { temporary } from "./temporary.ts";

processContract("SqliteStore", () => ({ SqliteStore: { path: join(temporary(), "store.sqlite") } }));

Deno.test("SqliteStore: what a killed process had staged is swept later", async () => {
  const path = join(temporary(), "store.sqlite"), db = new SqliteStore({ path });
  await (await db.runs.create(record("a"))).close();
  const plain = new DatabaseSync(path, { enableForeignKeyConstraints: true });
  const stage = plain.prepare("insert into ptutils_files (staged, size, modified) values (?, 3, ?) returning id");
  for (const [name, age] of [["old", 3_700_000], ["new", 10_000]] as const) {
    const { id } = stage.get(`blobs/${name}`, Date.now() - age)!;
    plain.prepare("insert into ptutils_chunks values (?, 0, x'010203')").run(id!);
  }
  await (await db.runs.create(record("b"))).close();
  const left = (query: string) => plain.prepare(query).all().map((row) => Object.values(row)[0]);
  assert.deepEqual(left("select staged from ptutils_files where staged is not null"), ["blobs/new"]);
  assert.deepEqual(left("select count(*) from ptutils_chunks where bytes = x'010203'"), [1]);
  plain.close();
  await db.close();
});

Deno.test("SqliteStore: a limit on file sizes loses nothing", async () => {
  console.log("disk full: by RLIMIT_FSIZE in a child");
  const store = JSON.stringify({ SqliteStore: { path: join(temporary(), "store.sqlite") } });
  const { stdout, success } = await new Deno.Command("sh", {
    args: ["-c", `trap '' XFSZ; ulimit -f 6000; exec "$0" "$@"`, Deno.execPath(), ...childOf("limited", store)],
    stderr: "inherit",
    env: { DENO_NO_UPDATE_CHECK: "1", DENO_V8_CODE_CACHE: "0" },
  }).output();
  assert.ok(success);
  assert.match(new TextDecoder().decode(stdout), /entries 2/);
});

Deno.test("SqliteStore: a full disk loses nothing in memory", async () => {
  const folder = temporary();
  const mounted = (await new Deno.Command("mount", { args: ["-t", "tmpfs", "-o", "size=2m", "none", folder] }).output()
    .catch(() => ({ success: false }))).success;
  if (!mounted) return console.log("SKIPPED: disk full by a small tmpfs, which may not be mounted here");
  try {
    const path = join(folder, "store.sqlite"), db = new SqliteStore({ path });
    const run = await db.runs.create(record("a"));
    run.append(entry(1));
    await run.save(checkpoint(1, { w: floats(1) }));
    run.append(entry(2));
    const large = checkpoint(2, { w: floats(2, 1_000_000) });
    await assert.rejects(run.save(large), /Cannot write .*: the disk is full \(SQLite 13: .*\); free some space/);
    const filler = join(folder, "filler"), file = Deno.openSync(filler, { create: true, write: true });
    assert.throws(() => {
      for (;;) file.writeSync(new Uint8Array(512));
    });
    file.close();
    for (let i = 3; i < 200; i++) run.append(entry(i, { text: "x".repeat(500) }));
    await assert.rejects(run.save(checkpoint(199, { w: floats(2, 1_000_000) })), /the disk is full/);
    assert.equal((await run.latest())!.sequence, 1);
    Deno.removeSync(filler);
    await run.save(checkpoint(199, { w: floats(3) }));
    await run.close();
    await db.close();
    const other = new SqliteStore({ path }), again = await other.runs.open("a", { readonly: true });
    assert.equal((await collect(again.entries())).length, 199);
    assert.deepEqual((await again.latest())!.tree, { w: floats(3) });
    assert.deepEqual(again.warnings, []);
    await again.close();
    await other.close();
  } finally {
    await new Deno.Command("umount", { args: [folder] }).output();
  }
});

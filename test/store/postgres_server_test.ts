import assert from "node:assert/strict";
import { join } from "node:path";
import type { Run } from "../../src/store/run/run_record.ts";
import type { PostgresServer } from "../servers/postgres.ts";
import { newStore, passwordEnv, startPostgres } from "../servers/postgres_store.ts";
import { treeAt } from "./child.ts";
import { checkpoint, collect, entry, floats, record } from "./store_contract.ts";
import { temporary } from "./temporary.ts";

const server = await startPostgres();

const numbers = async (run: Run) => (await collect(run.entries())).map(({ sequence }) => sequence);
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

async function plainly(server: PostgresServer, ...queries: string[]): Promise<void> {
  const { default: pg } = await import("pg");
  const { host, port, database, user } = server;
  const client = new pg.Client({ host, port, database, user, password: Deno.env.get(passwordEnv) });
  await client.connect();
  try {
    for (const query of queries) await client.query(query);
  } finally {
    await client.end();
  }
}

if (server !== undefined) {
  Deno.test("PostgresStore: the server is killed in mid-write and started again, again and again", async () => {
    const own = (await startPostgres())!;
    const db = newStore(own), run = await db.runs.create(record("a"));
    let acknowledged = 0, failed = 0, ended = false;
    const saving = (async () => {
      for (let sequence = 1; !ended || sequence < 10; sequence++) {
        run.append(entry(sequence));
        const save = () => run.save(checkpoint(sequence, treeAt(sequence))).then(() => true, () => (failed++, false));
        while (!await save()) await new Promise((resolve) => setTimeout(resolve, 20));
        acknowledged = sequence;
        await run.remove((await run.checkpoints()).slice(0, -4).map((meta) => meta.sequence)).catch(() => {});
      }
    })();
    for (let kills = 0; kills < 3; kills++) {
      await new Promise((resolve) => setTimeout(resolve, 100 + 97 * kills));
      await own.kill();
      await own.again();
    }
    ended = true;
    await saving;
    console.log(`${acknowledged} checkpoints were saved over 3 kills, ${failed} attempts failed and were made again`);
    await run.close();
    const again = await db.runs.open("a", { wait: 10_000 });
    assert.deepEqual(await numbers(again), upTo(acknowledged));
    const metas = await again.checkpoints();
    assert.equal(metas.at(-1)!.sequence, acknowledged);
    for (const { sequence } of metas) assert.deepEqual((await again.load(sequence)).tree, treeAt(sequence));
    await again.close();
    await db.close();
    await own.close();
  });

  Deno.test("PostgresStore: an encrypted connection, the server's certificate looked at or not", async () => {
    const own = (await startPostgres())!;
    const [cert, key] = ["server.crt", "server.key"].map((name) => join(own.folder, name)) as [string, string];
    const subject = ["-nodes", "-days", "2", "-subj", "/CN=localhost", "-out", cert, "-keyout", key];
    const made = await new Deno.Command("openssl", { args: ["req", "-new", "-x509", ...subject], stderr: "null" })
      .output()
      .catch(() => ({ success: false }));
    if (!made.success) {
      console.log("SKIPPED: an encrypted connection to Postgres: there is no openssl to make a certificate with");
      return await own.close();
    }
    await own.give(own.folder);
    await own.stop();
    await own.again({ ssl: "on", ssl_cert_file: cert, ssl_key_file: key });
    const read = { read: { collection: "r" } };
    const db = newStore(own, { ssl: "unverified" }), strict = newStore(own, { ssl: true, wait: 0 });
    assert.deepEqual(await db.access(read), []);
    await assert.rejects(strict.access(read), /Cannot reach PostgresStore at .*: its certificate is not accepted/);
    await Promise.all([db.close(), strict.close()]);
    await own.stop();
    await own.again();
    await assert.rejects(newStore(own, { ssl: true, wait: 0 }).access(read), /it speaks without encryption only/);
    await own.close();
  });

  Deno.test("PostgresStore: the server's disk is full", async () => {
    const folder = temporary();
    const options = ["-t", "tmpfs", "-o", "size=10m,mode=0777", "none", folder];
    const mounted = await new Deno.Command("mount", { args: options }).output().catch(() => ({ success: false }));
    if (!mounted.success) return console.log("SKIPPED: a full disk of Postgres: a tmpfs may not be mounted here");
    const own = (await startPostgres())!;
    try {
      await own.give(folder);
      await plainly(own, `create tablespace small location '${folder}'`, "create database small tablespace small");
      const db = newStore(own, { database: "small" });
      const run = await db.runs.create(record("a"));
      run.append(entry(1));
      await run.save(checkpoint(1, { w: floats(1) }));
      run.append(entry(2));
      const large = checkpoint(2, { w: floats(2, 3_000_000) });
      await assert.rejects(run.save(large), /Cannot write .*: the server's disk is full \(53100\); free some space/);
      await new Deno.Command("mount", { args: ["-o", "remount,size=64m", folder] }).output();
      await run.save(large);
      await run.close();
      const read = await db.runs.open("a", { readonly: true });
      assert.deepEqual(await numbers(read), [1, 2]);
      assert.deepEqual((await read.latest())!.tree, large.tree);
      await db.close();
    } finally {
      await own.close();
      await new Deno.Command("umount", { args: [folder] }).output();
    }
  });
}

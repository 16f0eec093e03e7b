import assert from "node:assert/strict";
import { join } from "node:path";
import { LowdbStore } from "../../src/store/lowdb_store.ts";
import { MemoryFolder } from "../../src/store/memory_folder.ts";
import { readRecord, runPath, writeRecord } from "../../src/store/run/run_files.ts";
import type { Run } from "../../src/store/run/run_record.ts";
import { kill } from "../kill.ts";
import { treeAt } from "./child.ts";
import { checkpoint, collect, entry, floats, record } from "./store_contract.ts";
import { temporary } from "./temporary.ts";

const root = new URL("../../", import.meta.url).pathname;
const script = new URL("./child.ts", import.meta.url).pathname;
const child = (...args: string[]) => ["run", "-A", "--no-check", "--config", join(root, "deno.json"), script, ...args];
const spawn = (...args: string[]) =>
  new Deno.Command(Deno.execPath(), { args: child(...args), stdout: "piped", stderr: "inherit" }).spawn();

async function three(path: string): Promise<void> {
  const run = await new LowdbStore({ path }).runs.create(record("a"));
  for (let i = 1; i <= 3; i++) {
    run.append(entry(i));
    await run.save(checkpoint(i, { w: floats(i), frozen: floats(0) }));
  }
  await run.close();
}

function flip(path: string, at = 0.5): void {
  const bytes = Deno.readFileSync(path);
  bytes[Math.floor(bytes.length * at)]! ^= 4;
  Deno.writeFileSync(path, bytes);
}

const open = (path: string): Promise<Run> => new LowdbStore({ path }).runs.open("a");

Deno.test("a damaged checkpoint is passed over and named", async () => {
  const path = temporary();
  await three(path);
  flip(join(path, "runs/a/checkpoints/3.json"), 0.9);
  const run = await open(path);
  assert.equal((await run.latest())!.sequence, 2);
  assert.match(run.warnings.join(), /checkpoint 3 is passed over: .*its checksum doesn't match/);
  await assert.rejects(run.load(3), /Cannot load checkpoint 3 of run "a": its checksum/);
  await run.close();
});

Deno.test("a damaged blob is named, and written again by the next save", async () => {
  const path = temporary();
  await three(path);
  const blob = async (value: number) => {
    const head = JSON.parse(Deno.readTextFileSync(join(path, `runs/a/checkpoints/${value}.json`)));
    return await Promise.resolve(join(path, "blobs", head.tree.w.$ndarray.blob));
  };
  flip(await blob(3));
  const run = await open(path);
  assert.equal((await run.latest())!.sequence, 2);
  assert.match(run.warnings.join(), /checkpoint 3 is passed over: .*Cannot read blob .*[0-9a-f]{64}: its content/);
  await run.truncate(2);
  run.append(entry(3));
  await run.save(checkpoint(3, { w: floats(3), frozen: floats(0) }));
  assert.deepEqual((await run.latest())!.tree, { w: floats(3), frozen: floats(0) });
  await run.close();
});

Deno.test("a journal damaged before a checkpoint takes that checkpoint with it", async () => {
  const path = temporary();
  await three(path);
  const lines = Deno.readTextFileSync(join(path, "runs/a/journal.jsonl")).split("\n");
  lines[1] = lines[1]!.replace("loss", "lost");
  Deno.writeTextFileSync(join(path, "runs/a/journal.jsonl"), lines.join("\n"));
  const run = await open(path);
  assert.equal((await run.latest())!.sequence, 1);
  assert.match(run.warnings.join(), /line 2 is damaged.*checkpoint 3 is passed over: the journal ends at 1/s);
  await run.close();
});

Deno.test("a damaged run.json is named; the run can be archived", async () => {
  const path = temporary();
  await three(path);
  Deno.writeTextFileSync(join(path, "runs/a/run.json"), "{");
  const db = new LowdbStore({ path });
  await assert.rejects(db.runs.find("a"), /Cannot read run "a": .*run.json.*archive the run/);
  await assert.rejects(db.runs.create(record("a")), /there is one already/);
  assert.equal(await db.runs.archive("a"), "a~1");
});

Deno.test("a run that another process makes at this very moment is found, not called damaged", async () => {
  const made = { ...record("a"), updated: new Date().toISOString() };
  class Racing extends MemoryFolder {
    looks = 0;
    override async list(path: string) {
      if (path === runPath("a") && this.looks++ === 0) await writeRecord(this, path, made);
      return await super.list(path);
    }
  }
  const folder = new Racing();
  assert.equal((await readRecord(folder, "a"))?.created, made.created);
  assert.equal(folder.looks, 1);
});

Deno.test("a damaged checkpoint's head stops sweeping, nothing is lost", async () => {
  const path = temporary();
  await three(path);
  const before = [...Deno.readDirSync(join(path, "blobs"))].length;
  Deno.writeTextFileSync(join(path, "runs/a/checkpoints/3.json"), "???");
  const run = await open(path);
  await run.remove([1]);
  assert.match(run.warnings.join(), /blobs are not swept: .*3.json.*damaged/);
  assert.equal([...Deno.readDirSync(join(path, "blobs"))].length, before);
  await run.close();
});

Deno.test("killed while it saves, again and again: every checkpoint is readable", async () => {
  const path = temporary();
  let seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`kill -9: seed ${seed}`);
  const random = () => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;
  let saved = 0, progress = 0;
  for (let kills = 0; kills < 20; kills++) {
    const process = spawn("save", path);
    let text = "", dying = false;
    for await (const piece of process.stdout.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (dying || text.split("\n").length <= 2) continue;
      dying = true; // two were saved: one that can be removed, one to go on from
      setTimeout(() => kill(process), random() * 120);
    }
    await process.status;
    saved = Number(/.*saved (\d+)\n/s.exec(text)?.[1] ?? saved);
    const run = await open(path);
    const metas = await run.checkpoints();
    assert.ok(saved === 0 || metas.length > 0 && metas.at(-1)!.sequence >= saved, `${saved} was saved`);
    for (const { sequence } of metas) assert.deepEqual((await run.load(sequence)).tree, treeAt(sequence));
    const sequences = (await collect(run.entries())).map((entry) => entry.sequence);
    assert.deepEqual(sequences, Array.from({ length: run.sequence }, (_, i) => i + 1));
    assert.ok(run.sequence >= metas.at(-1)!.sequence);
    assert.ok(run.warnings.every((text) => /its end from line/.test(text)), run.warnings.join());
    for (const folder of ["", "runs", "runs/a", "runs/a/checkpoints"]) {
      for (const { name } of Deno.readDirSync(join(path, folder))) {
        assert.ok(!name.endsWith(".tmp"), `${folder}/${name} is left over`);
      }
    }
    progress = run.sequence;
    await run.remove([metas[0]!.sequence]);
    await run.close();
    const blobs = [...Deno.readDirSync(join(path, "blobs"))].length;
    const used = new Set(
      metas.slice(1).flatMap(({ sequence }) => [-1, 0, 1, 2, 3].map((i) => i < 0 ? i : sequence + i)),
    );
    assert.equal(blobs, used.size, "all others were swept, those of killed writers too");
  }
  assert.ok(progress >= 60, `each of them saved, up to ${progress} together`);
});

Deno.test("processes that save the same arrays and sweep at once lose nothing", async () => {
  const path = temporary();
  const ids = ["x", "y", "z"];
  const processes = ids.map((id) => spawn("save", path, id));
  let behind = processes.length;
  await Promise.all(processes.map(async (process) => {
    let text = "", ahead = false;
    for await (const piece of process.stdout.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (ahead || !/saved 3\d\n/.test(text)) continue;
      ahead = true;
      if (--behind === 0) processes.forEach(kill); // each has saved much while the others did
    }
    await process.status;
  }));
  const db = new LowdbStore({ path });
  for (const id of ids) {
    const run = await db.runs.open(id);
    const metas = await run.checkpoints();
    assert.ok(metas.length >= 3 && run.sequence >= 30, `${run.sequence}`);
    for (const { sequence } of metas) assert.deepEqual((await run.load(sequence)).tree, treeAt(sequence));
    await run.close();
  }
});

Deno.test("processes that write at once lose nothing", async () => {
  const path = temporary();
  const ended = await Promise.all(["x", "y", "z"].map((name) => spawn("many", path, name).output()));
  assert.ok(ended.every(({ success }) => success));
  const db = new LowdbStore({ path });
  const documents = await db.access({ read: { collection: "results" } });
  assert.equal(documents.length, 75);
  for (const { i, w } of documents) assert.ok(w.equals(floats(i)));
  const index = JSON.parse(Deno.readTextFileSync(join(path, "index.json")));
  assert.equal(Object.keys(index.runs).length, 75);
});

Deno.test("a lock that another process holds names it, and ends with it", async () => {
  const path = temporary();
  const process = spawn("hold", path);
  for await (const _ of process.stdout.values({ preventCancel: true })) break;
  const db = new LowdbStore({ path });
  const named = { name: "Busy", message: new RegExp(`run "a": process ${process.pid}.* has held it since \\d{4}-`) };
  await assert.rejects(db.runs.open("a", { wait: 50 }), named);
  await assert.rejects(db.runs.archive("a", { wait: 50 }), named);
  const opening = db.runs.open("a");
  process.kill("SIGKILL");
  await process.stdout.cancel();
  await process.status;
  await (await opening).close();
});

Deno.test("a limit on file sizes loses nothing", async () => {
  console.log("disk full: by RLIMIT_FSIZE in a child");
  const command = `trap '' XFSZ; ulimit -f 6000; exec "$0" "$@"`;
  const { stdout, success } = await new Deno.Command("sh", {
    args: ["-c", command, Deno.execPath(), ...child("limited", temporary())],
    stderr: "inherit",
    env: { DENO_NO_UPDATE_CHECK: "1", DENO_V8_CODE_CACHE: "0" },
  }).output();
  assert.ok(success);
  assert.match(new TextDecoder().decode(stdout), /entries 2/);
});

Deno.test("a full disk loses nothing in memory", async () => {
  const path = temporary();
  const mounted = (await new Deno.Command("mount", { args: ["-t", "tmpfs", "-o", "size=1m", "none", path] }).output()
    .catch(() => ({ success: false }))).success;
  if (!mounted) return console.log("disk full: a tmpfs may not be mounted here, only the limit was tried");
  console.log("disk full: by a small tmpfs");
  try {
    const run = await new LowdbStore({ path }).runs.create(record("a"));
    run.append(entry(1));
    await run.save(checkpoint(1, { w: floats(1) }));
    run.append(entry(2));
    await assert.rejects(
      run.save(checkpoint(2, { w: floats(2, 1_000_000) })),
      /the disk is full \(ENOSPC\); free some/,
    );
    const filler = join(path, "filler");
    const file = Deno.openSync(filler, { create: true, write: true });
    assert.throws(() => {
      for (;;) file.writeSync(new Uint8Array(4096));
    });
    file.close();
    for (let i = 3; i < 200; i++) run.append(entry(i));
    await assert.rejects(run.flush(), /entries are kept in memory/);
    await assert.rejects(run.save(checkpoint(199, {})), /entries are kept in memory/);
    assert.equal((await run.latest())!.sequence, 1);
    Deno.removeSync(filler);
    await run.save(checkpoint(199, { w: floats(3) }));
    await run.close();
    const again = await open(path);
    assert.equal((await collect(again.entries())).length, 199);
    assert.deepEqual((await again.latest())!.tree, { w: floats(3) });
    assert.deepEqual(again.warnings, []);
    await again.close();
  } finally {
    await new Deno.Command("umount", { args: [path] }).output();
  }
});

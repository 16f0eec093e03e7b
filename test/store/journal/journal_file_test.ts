import assert from "node:assert/strict";
import { join } from "node:path";
import { DiskFolder } from "../../../src/store/disk/disk_folder.ts";
import { JournalFile } from "../../../src/store/journal/journal_file.ts";
import { MemoryFolder } from "../../../src/store/memory_folder.ts";
import { collect, entry } from "../store_contract.ts";
import { temporary } from "../temporary.ts";
import { until } from "../until.ts";

async function written(
  count: number,
): Promise<{ path: string; open: (readonly?: boolean) => Promise<[JournalFile, string[]]> }> {
  const folder = new DiskFolder(temporary());
  const open = async (readonly = false): Promise<[JournalFile, string[]]> => {
    const warnings: string[] = [];
    return [
      await JournalFile.open(folder, "journal.jsonl", { readonly, warn: (text) => warnings.push(text) }),
      warnings,
    ];
  };
  const [journal] = await open();
  for (let i = 1; i <= count; i++) journal.append(entry(i));
  await journal.close();
  return { path: join(folder.place, "journal.jsonl"), open };
}

const sequences = async (journal: JournalFile) => (await collect(journal.entries())).map(({ sequence }) => sequence);

Deno.test("a torn last line is dropped, named, and written over", async () => {
  const { path, open } = await written(5);
  Deno.truncateSync(path, Deno.statSync(path).size - 7);
  const [reader, quiet] = await open(true);
  assert.deepEqual([reader.last, quiet], [4, []]); // somebody may be writing it
  const [journal, warnings] = await open();
  assert.match(
    warnings.join(),
    /its end from line 5 on \(\d+ bytes\) was cut off or damaged.*up to sequence 4 are good/,
  );
  journal.append(entry(5));
  await journal.close();
  const [again, none] = await open();
  assert.deepEqual([await sequences(again), none], [[1, 2, 3, 4, 5], []]);
  await again.close();
});

Deno.test("a flipped byte in the middle ends the journal there; what follows is kept aside", async () => {
  const { path, open } = await written(5);
  const bytes = Deno.readFileSync(path);
  bytes[bytes.indexOf(10) + 30]! ^= 1;
  Deno.writeFileSync(path, bytes);
  const [journal, warnings] = await open();
  assert.match(warnings.join("\n"), /line 2 is damaged in its middle, 3 good lines follow it; .* sequence 1 are good/);
  assert.match(warnings.join("\n"), /kept in "journal.jsonl.damaged-\d+"/);
  assert.deepEqual(await sequences(journal), [1]);
  await journal.close();
});

Deno.test("random damage never goes unnoticed and never takes a good line before it", async () => {
  const { path, open } = await written(20);
  const good = Deno.readFileSync(path);
  for (let round = 0; round < 60; round++) {
    const at = Math.floor(Math.random() * good.length);
    const bytes = good.slice();
    bytes[at]! ^= 1 << Math.floor(Math.random() * 8);
    Deno.writeFileSync(path, bytes);
    const before = good.subarray(0, at).filter((byte) => byte === 10).length;
    const [journal] = await open(true);
    assert.equal(journal.last, before, `byte ${at}`);
  }
});

Deno.test("lines are written by themselves, without a flush", async () => {
  const { path, open } = await written(0);
  const [journal] = await open();
  journal.append(entry(1));
  assert.throws(() => Deno.statSync(path));
  await until(() => Deno.stat(path).then(({ size }) => size > 50, () => false));
  await journal.close();
});

Deno.test("a disk that fails in the middle of a write loses nothing", async () => {
  const folder = new MemoryFolder();
  let room = Infinity;
  const append = folder.append.bind(folder);
  folder.append = async (path) => {
    const file = await append(path);
    const write = async (bytes: Uint8Array) => {
      await file.write(bytes.subarray(0, room));
      if (bytes.length > room) throw Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
    };
    return { ...file, write };
  };
  const warnings: string[] = [];
  const journal = await JournalFile.open(folder, "j", { warn: (text) => warnings.push(text) });
  journal.append(entry(1));
  await journal.flush();
  room = 33;
  journal.append(entry(2));
  journal.append(entry(3));
  const failure = { message: /Cannot write to "memory\/j": No space.*the journal's last 2 entries are kept in memory/ };
  await assert.rejects(journal.flush(), failure);
  await assert.rejects(journal.flush(), failure);
  journal.append(entry(4));
  room = Infinity;
  await journal.flush();
  assert.deepEqual(await sequences(journal), [1, 2, 3, 4]);
  assert.equal(warnings.length, 1);
  await journal.close();
  assert.equal((await JournalFile.open(folder, "j", { warn: assert.fail })).last, 4);
});

Deno.test("a store that says itself what it can't write is not said again", async () => {
  const folder = new MemoryFolder(), said = 'Cannot write "/lab/runs.sqlite": the disk is full; free some space';
  const append = folder.append.bind(folder);
  folder.append = async (path) => ({ ...await append(path), write: () => Promise.reject(new Error(said)) });
  const journal = await JournalFile.open(folder, "j");
  journal.append(entry(1));
  await assert.rejects(journal.flush(), {
    message: `${said}; the journal's last 1 entries are kept in memory: make room and flush again`,
  });
});

Deno.test("100,000 lines are read fast", async () => {
  const { open } = await written(100_000);
  const started = performance.now();
  const [journal] = await open();
  const took = performance.now() - started;
  assert.equal(journal.last, 100_000);
  assert.ok(took < 15_000, `${took} ms`); // far less, also on a busy machine
  await journal.close();
});

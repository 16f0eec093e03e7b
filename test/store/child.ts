/** What the fault tests run in processes of their own: `child.ts <what> <store> ...`, a folder or as JSON. */
import assert from "node:assert/strict";
import type { DBInterface } from "../../src/store/db_interface.ts";
import { LowdbStore } from "../../src/store/lowdb_store.ts";
import { MongoStore } from "../../src/store/mongo_store.ts";
import { PostgresStore } from "../../src/store/postgres_store.ts";
import { SqliteStore } from "../../src/store/sqlite_store.ts";
import { checkpoint, collect, entry, floats, record } from "./store_contract.ts";

const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));

const known = { SqliteStore, PostgresStore, MongoStore };

/** A store by its folder, or by its configuration: `{ SqliteStore: { path } }`. */
export function openStore(place: string | Record<string, object>) {
  if (typeof place === "string" && !place.startsWith("{")) return new LowdbStore({ path: place });
  const configuration = typeof place === "string" ? JSON.parse(place) : place;
  const [[name, options]] = Object.entries(configuration) as [[keyof typeof known, object]];
  return new known[name](options as never);
}

/** What the checkpoint at a sequence number holds. */
export const treeAt = (sequence: number) => ({
  frozen: floats(-1, 50_000),
  large: Array.from({ length: 4 }, (_, i) => floats(sequence + i, 20_000)),
  small: floats(sequence, 10),
});

async function saveForever(db: DBInterface, id = "a"): Promise<void> {
  const run = await (await db.runs.find(id) ? db.runs.open(id, { wait: 10_000 }) : db.runs.create(record(id)));
  await run.truncate((await run.latest())?.sequence ?? 0);
  for (let sequence = run.sequence + 1;; sequence++) {
    run.append(entry(sequence));
    if (sequence % 3 !== 0) continue;
    await run.save(checkpoint(sequence, treeAt(sequence)));
    say(`saved ${sequence}`);
    await run.remove((await run.checkpoints()).slice(0, -3).map((meta) => meta.sequence));
    await run.update({ summary: { sequence } });
  }
}

async function writeMany(db: DBInterface, name?: string): Promise<void> {
  for (let i = 0; i < 25; i++) {
    await db.access({ write: { collection: "results", document: { name, i, w: floats(i) } } });
    await (await db.runs.create(record(`${name}-${i}`))).close();
  }
}

async function hold(db: DBInterface): Promise<void> {
  await db.runs.create(record("a"));
  say("held");
  await new Promise((resolve) => setTimeout(resolve, 120_000));
}

/** Under a limit on the size of files that lets the small checkpoint through and not the large one. */
async function limited(db: DBInterface): Promise<void> {
  const run = await db.runs.create(record("a"));
  run.append(entry(1));
  await run.save(checkpoint(1, { w: floats(1) }));
  run.append(entry(2));
  await assert.rejects(
    run.save(checkpoint(2, { w: floats(1, 1_000_000) })),
    /larger than the system allows \(EFBIG\)|disk (is full|could not be written)/,
  );
  await run.save(checkpoint(2, { w: floats(2) }));
  await run.close();
  say(`entries ${(await collect((await db.runs.open("a", { readonly: true })).entries())).length}`);
}

if (import.meta.main) {
  const [what, place = "runs", name] = Deno.args as [string, string?, string?];
  const works: Record<string, (db: DBInterface, name?: string) => Promise<void>> = {
    save: saveForever,
    many: writeMany,
    hold,
    limited,
  };
  await works[what]!(openStore(place), name);
  Deno.exit(0);
}

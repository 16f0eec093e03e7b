import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { kill } from "../kill.ts";
import { openStore, treeAt } from "./child.ts";
import { collect, floats } from "./store_contract.ts";

const script = fileURLToPath(new URL("child.ts", import.meta.url));
const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
const seed = 6;

/** A store's configuration, `{ SqliteStore: { path } }`, of a place of its own each time. */
export type MakeConfiguration = () => Record<string, object>;

/** Arguments for Deno to run `child.ts` with. */
export const childOf = (
  ...args: string[]
): string[] => ["run", "-A", "--no-check", "--config", config, script, ...args];

/** Starts `child.ts` in a process of its own, with a store's configuration. */
export const spawnChild = (what: string, store: object, ...args: string[]): Deno.ChildProcess =>
  new Deno.Command(Deno.execPath(), {
    args: childOf(what, JSON.stringify(store), ...args),
    stdout: "piped",
    stderr: "inherit",
  }).spawn();

/** What a store that several processes use promises, whatever becomes of them. */
export function processContract(name: string, make: MakeConfiguration): void {
  const test = (what: string, body: (store: Record<string, object>) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => await body(make()));

  test("killed while it saves, again and again: what was saved is there", async (store) => {
    let state = seed, saved = 0, progress = 0;
    const random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
    for (let kills = 0; kills < 6; kills++) {
      const process = spawnChild("save", store);
      let text = "";
      for await (const piece of process.stdout.pipeThrough(new TextDecoderStream())) {
        if (text === "") setTimeout(() => kill(process), random() * 300);
        text += piece;
      }
      await process.status;
      saved = Number(/.*saved (\d+)\n/s.exec(text)?.[1] ?? saved);
      const db = openStore(store), run = await db.runs.open("a", { wait: 10_000 });
      const metas = await run.checkpoints();
      assert.ok(metas.at(-1)!.sequence >= saved, `${saved} was saved`);
      for (const { sequence } of metas) assert.deepEqual((await run.load(sequence)).tree, treeAt(sequence));
      const sequences = (await collect(run.entries())).map((entry) => entry.sequence);
      assert.deepEqual(sequences, Array.from({ length: run.sequence }, (_, i) => i + 1));
      assert.deepEqual(run.warnings, []);
      progress = run.sequence;
      await run.close();
      await db.close();
    }
    assert.ok(progress > 8, `${progress}`);
  });

  test("processes that save the same arrays and sweep at once lose nothing", async (store) => {
    const ids = ["x", "y"];
    const processes = ids.map((id) => spawnChild("save", store, id));
    await Promise.all(processes.map(async (process) => {
      let lines = 0;
      for await (const piece of process.stdout.pipeThrough(new TextDecoderStream())) {
        lines += piece.split("\n").length - 1;
        if (lines >= 12) kill(process);
      }
      await process.status;
    }));
    const db = openStore(store);
    for (const id of ids) {
      const run = await db.runs.open(id, { wait: 10_000 });
      for (const { sequence } of await run.checkpoints()) {
        assert.deepEqual((await run.load(sequence)).tree, treeAt(sequence));
      }
      await run.close();
    }
    await db.close();
  });

  test("processes that write at once lose nothing", async (store) => {
    const names = ["x", "y", "z"];
    const ended = await Promise.all(names.map((name) => spawnChild("many", store, name).output()));
    assert.ok(ended.every(({ success }) => success));
    const db = openStore(store);
    const documents = await db.access({ read: { collection: "results" } });
    assert.equal(documents.length, 75);
    for (const { i, w } of documents) assert.ok(w.equals(floats(i)));
    assert.equal((await db.runs.list()).length, 75);
    await db.close();
  });

  test("a lock that another process holds names it, and ends with it", async (store) => {
    const process = spawnChild("hold", store);
    for await (const _ of process.stdout.values({ preventCancel: true })) break;
    const db = openStore(store);
    const named = { name: "Busy", message: new RegExp(`run "a": process ${process.pid}.* has held it since \\d{4}-`) };
    await assert.rejects(db.runs.open("a", { wait: 50 }), named);
    await assert.rejects(db.runs.archive("a", { wait: 50 }), named);
    const opening = db.runs.open("a", { wait: 20_000 });
    process.kill("SIGKILL");
    await process.stdout.cancel();
    await process.status;
    await (await opening).close();
    await db.close();
  });
}

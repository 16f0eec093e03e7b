/** Two stores at once under anything that a user, a network and a dying process may do, one after the other. */
import assert from "node:assert/strict";
import { checkpointDigest } from "../../src/store/run/checkpoint_digest.ts";
import type { DBInterface } from "../../src/store/db_interface.ts";
import { MemoryStore } from "../../src/store/memory_store.ts";
import { MirroredStore } from "../../src/store/mirrored_store.ts";
import type { Run } from "../../src/store/run/run_record.ts";
import { FickleStore } from "./fickle_store.ts";
import { checkpoint, collect, entry, floats, record } from "./store_contract.ts";

const rounds = 36, moves = 60;

async function contentOf(db: DBInterface, id: string) {
  const run = await db.runs.open(id, { readonly: true });
  const { heartbeat: _, mirrored: __, ...record } = run.record;
  const checkpoints = [];
  for (const { sequence } of await run.checkpoints()) {
    checkpoints.push(await checkpointDigest(await run.load(sequence)));
  }
  const content = { record, entries: await collect(run.entries()), checkpoints };
  await run.close();
  return content;
}

/** One user's way through two stores. */
class Walk {
  readonly local = new MemoryStore();
  readonly remote = new FickleStore();
  readonly #random: () => number;
  #db = this.#open();
  #run: Run | undefined;
  /** What the documents must be in the end. */
  readonly #documents = new Map<string, number>();

  constructor(seed: number) {
    let state = seed;
    this.#random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
  }

  /** Does one thing, at random. */
  async move(): Promise<string> {
    const ways = Object.entries(this.#moves);
    const [name, way] = ways[Math.floor(this.#random() * ways.length)]!;
    await way();
    if (this.#random() < 0.3) await new Promise((resolve) => setTimeout(resolve, this.#random() * 130));
    return name;
  }

  /** The network is well again, and everything is closed: both stores must have the same. */
  async end(): Promise<void> {
    this.remote.left = Infinity;
    this.remote.mode = "works";
    await this.#run?.close();
    await this.#db.close().catch(() => {}); // asked again below
    this.#db = this.#open(30);
    await this.#db.runs.list();
    await this.#db.close().catch((error) => assert.fail(`${error.message}; ${this.#db.status.warnings.join("; ")}`));
    const ids = (await this.local.runs.list()).map(({ id }) => id).sort();
    assert.deepEqual((await this.remote.runs.list()).map(({ id }) => id).sort(), ids);
    for (const id of ids) assert.deepEqual(await contentOf(this.remote, id), await contentOf(this.local, id), id);
    const wanted = [...this.#documents].sort();
    for (const store of [this.local, this.remote]) {
      const found = (await store.access({ read: { collection: "r" } })).map(({ _id, v }) => [_id, v]).sort();
      assert.deepEqual(found, wanted);
    }
  }

  get #moves(): Record<string, () => Promise<unknown>> {
    return {
      append: () => this.#append(),
      more: () => this.#append(),
      save: () => this.#save(),
      "save again": () => this.#save(),
      truncate: async () => await (await this.#writable()).truncate(Math.floor(this.#random() * this.#run!.sequence)),
      remove: async () => {
        const all = await (await this.#writable()).checkpoints();
        await this.#run!.remove(all.slice(0, -1).map(({ sequence }) => sequence));
      },
      update: async () => await (await this.#writable()).update({ reason: `${this.#random()}` }),
      close: () => this.#close(),
      archive: async () => {
        await this.#close();
        if (await this.#db.runs.find("a") !== undefined) await this.#db.runs.archive("a");
      },
      fork: async () => {
        const [last] = (await (await this.#writable()).checkpoints()).slice(-1);
        const to = `fork-${Math.floor(this.#random() * 1e6)}`;
        if (last !== undefined) await this.#db.runs.copy("a", to, last.sequence);
      },
      "open anew": async () => {
        await this.#close();
        await this.#db.close().catch(() => {}); // what is missing follows
        this.#db = this.#open();
      },
      write: async () => {
        const _id = `${Math.floor(this.#random() * 5)}`, v = this.#random();
        this.#documents.set(_id, v);
        await this.#db.access({ write: { collection: "r", document: { _id, v } } });
      },
      delete: async () => {
        const _id = `${Math.floor(this.#random() * 5)}`;
        this.#documents.delete(_id);
        await this.#db.access({ delete: { collection: "r", where: { _id } } });
      },
      fail: () => Promise.resolve(this.remote.mode = "fails"),
      "fail soon": () => Promise.resolve(this.remote.left = Math.floor(this.#random() * 12)),
      work: () => Promise.resolve([this.remote.left = Infinity, this.remote.mode = "works"]),
      "work again": () => Promise.resolve([this.remote.left = Infinity, this.remote.mode = "works"]),
    };
  }

  async #append(): Promise<void> {
    const run = await this.#writable();
    for (let i = 0; i < 1 + this.#random() * 8; i++) run.append(entry(run.sequence + 1, { v: this.#random() }));
  }

  async #save(): Promise<void> {
    const run = await this.#writable();
    const time = new Date(this.#random() * 1e12).toISOString(); // no two are taken at the same moment
    await run.save({ ...checkpoint(run.sequence, { w: floats(this.#random(), 1100) }), time });
  }

  async #writable(): Promise<Run> {
    return this.#run ??= await this.#db.runs.find("a") === undefined
      ? await this.#db.runs.create(record("a", { created: new Date(this.#random() * 1e12).toISOString() }))
      : await this.#db.runs.open("a");
  }

  async #close(): Promise<void> {
    await this.#run?.close();
    this.#run = undefined;
  }

  #open(closing = 0.02): MirroredStore {
    return new MirroredStore({ local: this.local, remote: this.remote, closing, patience: 0.3, queue: 20 } as never);
  }
}

Deno.test("two stores: whatever is done, and whenever the remote one fails, both have the same in the end", async () => {
  const first = Number(Deno.env.get("SEED")) || 1 + Math.floor(Math.random() * 2 ** 30);
  console.log(`two stores at random: SEED=${first}`);
  await Promise.all(Array.from({ length: 6 }, async (_, lane) => {
    for (let round = lane; round < rounds; round += 6) {
      const walk = new Walk(first + round * 1000), done: string[] = [];
      try {
        for (let i = 0; i < moves; i++) done.push(await walk.move());
        await walk.end();
      } catch (cause) {
        throw new Error(`SEED=${first + round * 1000}, after ${done.join(", ")}: ${(cause as Error).message}`, {
          cause,
        });
      }
    }
  }));
});

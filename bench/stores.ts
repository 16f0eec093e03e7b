import { join } from "node:path";
import type { DBInterface } from "../src/store/db_interface.ts";
import type { JournalEntry, Run } from "../src/store/run/run_record.ts";
import { stores } from "../src/store/stores.ts";
import { FerretDbServer } from "../test/servers/ferretdb.ts";
import { PostgresServer } from "../test/servers/postgres.ts";
import { interleave } from "./measure.ts";
import { type Bare, bareFile, bareMemory, bareMongo, barePostgres, bareSqlite } from "./stores/bare.ts";

const count = 100_000;

/** A store, and the same rows by its driver alone. */
interface Pair {
  readonly store: DBInterface;
  readonly bare: Bare;
  readonly driver: string;
  /** Ends the server. */
  end?(): Promise<void>;
}

/** 100,000 Statistics through a run's journal into each store, against the bulk insert of its driver. */
export async function benchStores(names: readonly string[] = []): Promise<string[]> {
  const lines: string[] = [];
  for (const [name, start] of Object.entries(pairs)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const folder = await Deno.makeTempDir({ prefix: "stores-" });
    try {
      const pair = await start(folder);
      lines.push(pair === undefined ? `${name}: not measured, there is no server` : await compare(name, pair));
    } catch (error) {
      lines.push(`${name}: not measured: ${(error as Error).message}`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
  return lines;
}

const pairs: Record<string, (folder: string) => Pair | undefined | Promise<Pair | undefined>> = {
  LowdbStore: (folder) => ({
    store: make("LowdbStore", { path: folder }),
    bare: bareFile(join(folder, "bare.jsonl")),
    driver: "lines in a file, synced",
  }),
  MemoryStore: () => ({ store: make("MemoryStore"), bare: bareMemory(), driver: "JSON texts in a list" }),
  SqliteStore: (folder) => ({
    store: make("SqliteStore", { path: join(folder, "store.sqlite") }),
    bare: bareSqlite(join(folder, "bare.sqlite")),
    driver: "node:sqlite, a prepared insert in one transaction",
  }),
  PostgresStore: async () => {
    const server = await PostgresServer.start();
    if (server === undefined) return undefined;
    const { host, port, user, password, database } = server;
    Deno.env.set("PGPASSWORD", password);
    return {
      store: make("PostgresStore", { host, port, user, database }),
      bare: await barePostgres({ host, port, user, password, database }),
      driver: "pg, 10,000 rows a statement in one transaction",
      end: () => server.close(),
    };
  },
  MongoStore: async () => {
    const server = await FerretDbServer.start();
    if (server === undefined) return undefined;
    const { host, port } = server;
    return {
      store: make("MongoStore", { host, port }),
      bare: await bareMongo(`mongodb://${host}:${port}`),
      driver: "mongodb, insertMany (on FerretDB)",
      end: () => server.close(),
    };
  },
};

function make(name: string, options: Record<string, unknown> = {}): DBInterface {
  const Store = (stores as unknown as Record<string, new (options: unknown) => DBInterface>)[name];
  if (Store === undefined) throw new Error("there is no such store");
  return new Store(options);
}

async function compare(name: string, { store, bare, driver, end }: Pair): Promise<string> {
  const entries = Array.from({ length: count }, (_, i) => statistic(i + 1));
  let round = 0, run: Run | undefined;
  const begin = async () => {
    await run?.close();
    const id = `bench-${++round}`, created = new Date().toISOString();
    run = await store.runs.create({ id, name: id, created, phase: "running", configuration: {}, provenance: {} });
  };
  const append = async () => {
    for (const entry of entries) run!.append(entry);
    await run!.flush();
  };
  try {
    const works = { begin, ours: append, driver: () => bare.insert(entries) };
    const { ours, driver: theirs } = await interleave(works, 7);
    const rate = (ms: number) => (count / ms * 1000).toLocaleString("en", { maximumFractionDigits: 0 });
    return `${name}: ${rate(ours!.ms)} Statistics/s; ${driver}: ${rate(theirs!.ms)} rows/s; time's ratio ${
      ours!.ratio.toFixed(2)
    } (at most 1.5)`;
  } finally {
    await run?.close();
    await store.close();
    await bare.close();
    await end?.();
  }
}

function statistic(i: number): JournalEntry {
  const place = { phase: "train", step: i, epoch: 1 + Math.floor(i / 1000), size: 32, samples: 32 * i, time: i / 100 };
  const values = { loss: 1 / i, accuracy: 1 - 1 / i };
  const payload = { ...place, values };
  return { sequence: i, time: 1_700_000_000_000 + i, trigger: "statistic", path: "trainer.looper", payload };
}

if (import.meta.main) {
  console.log((await benchStores(Deno.args)).join("\n"));
  Deno.exit(0);
}

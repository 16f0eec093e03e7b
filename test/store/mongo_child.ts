/** What the fault tests of MongoStore run in processes of their own: `mongo_child.ts <what> <port> <database> <id>`. */
import { MongoStore } from "../../src/store/mongo_store.ts";
import { treeAt } from "./child.ts";
import { checkpoint, entry, floats, record } from "./store_contract.ts";

const [what, port, database, id] = Deno.args as [string, string, string, string];
const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));

async function saveForever(db: MongoStore): Promise<void> {
  const run = await (await db.runs.find(id) ? db.runs.open(id, { wait: 10_000 }) : db.runs.create(record(id)));
  await run.truncate((await run.latest())?.sequence ?? 0);
  for (let sequence = run.sequence + 1;; sequence++) {
    run.append(entry(sequence));
    if (sequence % 3 !== 0) continue;
    await run.save(checkpoint(sequence, treeAt(sequence)));
    say(`saved ${sequence}`);
    await run.remove((await run.checkpoints()).slice(0, -3).map((meta) => meta.sequence));
  }
}

async function writeMany(db: MongoStore): Promise<void> {
  for (let i = 0; i < 8; i++) {
    const documents = [0, 1].map((part) => ({ name: id, i, part, w: floats(i) }));
    await db.access({ write: { collection: "results", documents } });
    await (await db.runs.create(record(`${id}-${i}`))).close();
  }
}

async function hold(db: MongoStore): Promise<void> {
  await db.runs.create(record(id));
  say("held");
  await new Promise((resolve) => setTimeout(resolve, 120_000));
}

if (import.meta.main) {
  const db = new MongoStore({ port: Number(port), database, timeout: 60 });
  await ({ save: saveForever, many: writeMany, hold } as Record<string, (db: MongoStore) => Promise<void>>)[what]!(db);
  await db.close();
  Deno.exit(0);
}

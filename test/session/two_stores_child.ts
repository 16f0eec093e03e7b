/** Goes on with one experiment, kept in a folder and a database at once; says when it begins to work. */
import { join } from "node:path";
import { LowdbStore, MirroredStore, SqliteStore } from "../../mod.ts";
import { experiment, open, outcome } from "./experiments.ts";

if (import.meta.main) {
  const [local, remote] = Deno.args as [string, string];
  const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
  const db = new MirroredStore({
    local: new LowdbStore({ path: local }),
    remote: new SqliteStore({ path: join(remote, "runs.sqlite") }),
  });
  const session = await open(experiment("twofold", { looper: { epochs: 12 } }), db);
  if (session.status.phase !== "completed") say("working");
  await session.run();
  await db.close();
  say(`done ${JSON.stringify({ warnings: session.status.warnings, ...await outcome(session) })}`);
  Deno.exit(0);
}

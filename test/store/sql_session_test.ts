import assert from "node:assert/strict";
import { join } from "node:path";
import { filter } from "rxjs";
import { MemoryStore, on, PostgresStore, SqliteStore } from "../../mod.ts";
import { newOptions, startPostgres } from "../servers/postgres_store.ts";
import { experiment, open, outcome } from "../session/experiments.ts";
import { sessionContract } from "./session_contract.ts";
import { temporary } from "./temporary.ts";

const server = await startPostgres();

const path = join(temporary(), "store.sqlite");
sessionContract("SqliteStore", () => new SqliteStore({ path }));

if (server !== undefined) {
  const options = newOptions(server);
  sessionContract("PostgresStore", () => new PostgresStore(options));

  Deno.test("PostgresStore: a Session goes on while its server is killed and started again", async () => {
    const configuration = experiment("killed", { looper: { steps: 60 } });
    const straight = await open(configuration, new MemoryStore());
    await straight.run();
    const db = new PostgresStore(newOptions(server)), session = await open(configuration, db);
    let kills = Promise.resolve();
    session.events$.pipe(on("end_of_training_step"), filter(({ step }) => step === 10 || step === 30))
      .subscribe(() => kills = kills.then(() => server.kill()).then(() => server.again()));
    await session.run();
    await kills;
    assert.equal(session.status.phase, "completed");
    assert.deepEqual(await outcome(session), await outcome(straight));
    const again = await open(configuration, db);
    assert.equal(again.status.phase, "completed");
    assert.deepEqual(await outcome(again), await outcome(straight));
    await db.close();
  });
}

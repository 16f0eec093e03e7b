import assert from "node:assert/strict";
import { join } from "node:path";
import { filter, take } from "rxjs";
import { MemoryStore, on, PostgresStore, SqliteStore } from "../../mod.ts";
import { newOptions, startPostgres } from "../servers/postgres_store.ts";
import { begin, experiment, kinds, open, outcome } from "../session/experiments.ts";
import { temporary } from "./temporary.ts";

const server = await startPostgres();

/** Opens one place again and again, each time as another process would. */
function places(): Record<string, () => SqliteStore | PostgresStore> {
  const path = join(temporary(), "store.sqlite"), options = server === undefined ? undefined : newOptions(server);
  return {
    SqliteStore: () => new SqliteStore({ path }),
    ...(options === undefined ? {} : { PostgresStore: () => new PostgresStore(options) }),
  };
}

for (const [name, store] of Object.entries(places())) {
  Deno.test(`${name}: a Session trains, stops, goes on and forks as in memory`, async () => {
    const configuration = experiment("parent", {
      trainer: { checkpoints: { every: { steps: 3 }, keep: { last: 100 } } },
    });
    const straight = await open(configuration, new MemoryStore());
    await straight.run();
    const wanted = await outcome(straight), [first, second, third] = [store(), store(), store()];

    const session = await open(configuration, first);
    session.events$.pipe(on("end_of_training_step"), filter(({ step }) => step === 7), take(1))
      .subscribe(() => void session.stop("enough"));
    await session.run();
    assert.equal(session.status.phase, "interrupted");
    await first.close();

    const resumed = await open(configuration, second);
    assert.equal(resumed.trainer.looper.step, 7);
    await resumed.run();
    assert.deepEqual(await outcome(resumed), wanted);
    assert.deepEqual(resumed.status.warnings, []);

    const fork = await open(configuration, third, { fork: 6 });
    await fork.run();
    assert.deepEqual(await outcome(fork), wanted);
    const listed = (await third.runs.list()).map(({ id, phase }) => [id, phase]);
    assert.deepEqual(listed, [["parent", "completed"], ["parent-fork-6", "completed"]]);
    await Promise.all([second.close(), third.close()]);
  });

  Deno.test(`${name}: stopped again and again, an experiment with dropout ends in the same bits`, async () => {
    const kind = kinds["dropout, batch normalization and Adam, a lower rate on a plateau"]!;
    const straight = await begin(kind, new MemoryStore());
    await straight.run();
    for (let step = 5;; step += 9) {
      const db = store(), session = await begin(kind, db);
      session.events$.pipe(on("end_of_training_step"), filter((event) => event.step === step), take(1))
        .subscribe(() => void session.stop("enough"));
      await session.run();
      const ended = session.status.phase === "completed", found = ended ? await outcome(session) : undefined;
      await db.close();
      if (ended) return assert.deepEqual(found, await outcome(straight));
      assert.ok(step < 100);
    }
  });
}

if (server !== undefined) {
  Deno.test("PostgresStore: a Session goes on while its server is killed and started again", async () => {
    const configuration = experiment("killed", { looper: { steps: 60 } });
    const straight = await open(configuration, new MemoryStore());
    await straight.run();
    const db = new PostgresStore(newOptions(server)), session = await open(configuration, db);
    const kills: Promise<void>[] = [];
    for (const step of [10, 30]) {
      session.events$.pipe(on("end_of_training_step"), filter((event) => event.step === step), take(1))
        .subscribe(() => void kills.push(server.kill().then(() => server.again())));
    }
    await session.run();
    await Promise.all(kills);
    assert.equal(session.status.phase, "completed");
    assert.deepEqual(await outcome(session), await outcome(straight));
    const again = await open(configuration, db);
    assert.equal(again.status.phase, "completed");
    assert.deepEqual(await outcome(again), await outcome(straight));
    await db.close();
  });
}

import assert from "node:assert/strict";
import { filter, take } from "rxjs";
import { type DBInterface, MemoryStore, on, type Session } from "../../mod.ts";
import { begin, experiment, kinds, open, outcome } from "../session/experiments.ts";

/** Stops a Session at the end of a step. */
const stopAt = (session: Session, step: number) =>
  session.events$.pipe(on("end_of_training_step"), filter((event) => event.step === step), take(1))
    .subscribe(() => void session.stop("enough"));

/** What a Session may rely on in a store; `store` opens one place again and again, each time as another process would. */
export function sessionContract(name: string, store: () => DBInterface): void {
  Deno.test(`${name}: a Session trains, stops, goes on and forks as in memory`, async () => {
    const configuration = experiment("parent", {
      trainer: { checkpoints: { every: { steps: 3 }, keep: { last: 100 } } },
    });
    const straight = await open(configuration, new MemoryStore());
    await straight.run();
    const wanted = await outcome(straight), [first, second, third] = [store(), store(), store()];

    const session = await open(configuration, first);
    stopAt(session, 7);
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
      stopAt(session, step);
      await session.run();
      const ended = session.status.phase === "completed", found = ended ? await outcome(session) : undefined;
      await db.close();
      if (ended) return assert.deepEqual(found, await outcome(straight));
      assert.ok(step < 100);
    }
  });
}

import assert from "node:assert/strict";
import { filter, take } from "rxjs";
import { MemoryStore, MongoStore, on } from "../../mod.ts";
import { FerretDbServer } from "../servers/ferretdb.ts";
import { experiment, open, outcome } from "../session/experiments.ts";

const server = await FerretDbServer.start();

server && Deno.test("a Session trains, stops, goes on and forks in a MongoStore as in memory", async () => {
  const configuration = experiment("parent", {
    trainer: { checkpoints: { every: { steps: 3 }, keep: { last: 100 } } },
  });
  const straight = await open(configuration, new MemoryStore());
  await straight.run();
  const wanted = await outcome(straight);

  const store = () => new MongoStore({ port: server.port, database: "session", timeout: 60 });
  const [first, second, third] = [store(), store(), store()];
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
  assert.deepEqual((await third.runs.list()).map(({ id, phase }) => [id, phase]), [
    ["parent", "completed"],
    ["parent-fork-6", "completed"],
  ]);
  await Promise.all([second.close(), third.close()]);
});

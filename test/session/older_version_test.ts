import assert from "node:assert/strict";
import { ArrayDataset, MemoryStore, type Session } from "../../mod.ts";
import { at, experiment, open, outcome, type Plain } from "./experiments.ts";

/** A store with a run that stopped at step 5, as a version wrote it that didn't know some options. */
async function older(forget: (configuration: Plain) => void, configuration = experiment("older")) {
  const store = new MemoryStore();
  const session = await open(configuration, store);
  at(session, 5, () => void session.stop());
  await session.run();
  const run = await store.runs.open("older");
  const recorded = structuredClone(run.record.configuration) as Plain;
  forget(recorded);
  await run.update({ configuration: recorded as never });
  await run.close();
  return store;
}

const forgetMany = ({ dataProvider, trainer }: Plain) => {
  delete dataProvider.dataLoader.dropLast;
  delete dataProvider.sampler;
  delete trainer.model.optimizer.Adam.clipNorm;
  delete trainer.checkpoints;
};

async function whole(configuration = experiment("older")): Promise<Session> {
  const session = await open(configuration, new MemoryStore());
  await session.run();
  return session;
}

Deno.test("a run of an older version, which lacks options that have defaults now, goes on to the same bits", async () => {
  const plain = experiment("older", { trainer: { checkpoints: undefined } });
  const store = await older(forgetMany, plain);
  const session = await open(plain, store);
  assert.equal(session.trainer.looper.step, 5);
  await session.run();
  assert.deepEqual(await outcome(session), await outcome(await whole(plain)));
});

Deno.test("a run of an older version: extended and forked, it keeps the State of what its record doesn't name", async () => {
  const plain = experiment("older", { trainer: { checkpoints: undefined } });
  const longer = experiment("older", { trainer: { checkpoints: undefined }, looper: { epochs: 4 } });
  const straight = await outcome(await whole(longer));
  const extended = await open(longer, await older(forgetMany, plain), { extend: true });
  await extended.run();
  assert.deepEqual(await outcome(extended), straight);
  const store = await older(forgetMany, plain);
  const forked = await open(longer, store, { fork: 5 });
  await forked.run();
  assert.deepEqual(await outcome(forked), straight);
  const again = await open(longer, store, { fork: 5 });
  assert.deepEqual([again.id, again.status.phase], [forked.id, "completed"], "the same cell finds the same fork");
});

Deno.test("a run of an older version with data that were given in code", async () => {
  const input = Array.from({ length: 48 }, (_, i) => [i / 48, (i % 3) / 3]);
  const make = () => new ArrayDataset({ input, target: input.map((_, i) => i % 3) });
  const configuration = () => experiment("older", { data: { datasets: { train: make() } } });
  const store = await older(({ dataProvider }) => delete dataProvider.sampler, configuration());
  const session = await open(configuration(), store);
  assert.equal(session.trainer.looper.step, 5);
});

Deno.test("a run of an older version: what differs really still is an error, and nothing else is named", async () => {
  const store = await older(({ dataProvider }) => delete dataProvider.sampler);
  const loader = { batchSize: 24, limit: 100, dropLast: true };
  const error: Error = await open(experiment("older", { data: { dataLoader: loader } }), store).then(
    () => assert.fail(),
    (error) => error,
  );
  assert.match(error.message, /dataProvider\.dataLoader\.dropLast: false -> true/);
  assert.doesNotMatch(error.message, /sampler/);
  const sampled = experiment("older", { data: { sampler: "Sampler" } });
  await assert.rejects(open(sampled, store), /dataProvider\.sampler\.?\w*: .* -> /);
});

Deno.test("a run whose record names an option that is unknown today is another experiment", async () => {
  const store = await older(({ dataProvider }) => dataProvider.dataLoader.unheard = 3);
  await assert.rejects(open(experiment("older"), store), /dataProvider\.dataLoader\.unheard: 3 -> \(absent\)/);
});

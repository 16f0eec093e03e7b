import assert from "node:assert/strict";
import { type CheckpointMeta, MemoryStore, type Session } from "../../mod.ts";
import { experiment, open, type Plain } from "./experiments.ts";

const validated = { datasets: { train: "Digits", validation: { Digits: { split: "test", classes: [0, 1] } } } };

/** The checkpoints that are left of a run of 15 steps in 3 epochs. */
async function left(checkpoints: Plain, trainer: Plain = {}): Promise<{ metas: CheckpointMeta[]; session: Session }> {
  const store = new MemoryStore();
  const session = await open(experiment("kept", { trainer: { checkpoints, ...trainer }, data: validated }), store);
  await session.run();
  const run = await store.runs.open("kept", { readonly: true });
  const metas = await run.checkpoints();
  for (const { sequence } of metas) await run.load(sequence);
  await run.close();
  return { metas, session };
}
const stepsOf = (metas: readonly CheckpointMeta[]) => metas.map(({ step }) => step);

const rows: Record<string, [checkpoints: Plain, steps: number[]]> = {
  "by default one an epoch, the last three": [{}, [10, 15, 15]],
  "every few steps": [{ every: { steps: 4 }, keep: { last: 100 } }, [4, 8, 12, 15]],
  "every few epochs": [{ every: { epochs: 2 }, keep: { last: 100 } }, [10, 15]],
  "every few steps and every epoch": [{ every: { steps: 4, epochs: 1 }, keep: { last: 100 } }, [
    4,
    5,
    8,
    10,
    12,
    15,
    15,
  ]],
  "whenever some time is over": [{ every: { seconds: 1e-9 }, keep: { last: 100 } }, [
    1,
    2,
    3,
    4,
    5,
    5,
    6,
    7,
    8,
    9,
    10,
    10,
    11,
    12,
    13,
    14,
    15,
    15,
    15,
  ]],
  "never but at the end": [{ every: false }, [15]],
  "the last one": [{ every: { steps: 2 }, keep: { last: 1 } }, [15]],
  "the last two": [{ every: { steps: 2 }, keep: { last: 2 } }, [14, 15]],
  "those of every sixth step": [{ every: { steps: 2 }, keep: { last: 1, every: 6 } }, [6, 12, 15]],
};
for (const [name, [checkpoints, steps]] of Object.entries(rows)) {
  Deno.test(`checkpoints: ${name}`, async () => {
    const { metas } = await left(checkpoints);
    assert.deepEqual(stepsOf(metas), steps);
    assert.equal(metas.at(-1)!.reason, "completed");
    assert.ok(metas.slice(0, -1).every(({ reason }) => reason === "policy"));
  });
}

Deno.test("checkpoints: the best by a series", async () => {
  for (const [mode, sign] of [["min", 1], ["max", -1]] as const) {
    const best = { series: "train/loss", mode, count: 2 };
    const { metas, session } = await left({ every: { steps: 1 }, keep: { last: 1, best } });
    const losses = [...session.history.series("train/loss").y].map((loss, i) => ({ loss, step: i + 1 }));
    const wanted = losses.sort((a, b) => sign * (a.loss - b.loss)).slice(0, 2).map(({ step }) => step);
    assert.deepEqual(new Set(stepsOf(metas)), new Set([...wanted, 15]));
  }
});

Deno.test("checkpoints: ModelCheckpoint keeps the best under a tag, and only that one", async () => {
  const callbacks = [{ ModelCheckpoint: { monitor: "validation/loss" } }];
  const { metas, session } = await left({ every: false, keep: { last: 1 } }, { callbacks });
  const best = session.history.best("validation/loss");
  const tagged = metas.filter(({ tags }) => tags?.includes("best:validation/loss"));
  assert.deepEqual(stepsOf(tagged), [best.step]);
  assert.equal(tagged[0]!.scores!["validation/loss"], best.value);
});

Deno.test("checkpoints: each has the latest value of every series", async () => {
  const { metas, session } = await left({ every: { steps: 5 }, keep: { last: 100 } });
  const losses = session.history.series("train/loss").y;
  for (const { step, scores, epoch, time } of metas) {
    assert.equal(scores!["train/loss"], losses[step - 1]);
    assert.equal(epoch, Math.ceil(step / 5));
    assert.ok(!Number.isNaN(Date.parse(time)));
  }
});

Deno.test("checkpoints: what is saved is told", async () => {
  const store = new MemoryStore();
  const session = await open(experiment("kept", { trainer: { checkpoints: { every: { epochs: 1 } } } }), store);
  const told: unknown[] = [];
  session.events$.subscribe(({ trigger, payload }) =>
    trigger === "checkpoint_saved" && told.push([payload.step, payload.reason])
  );
  await session.run();
  assert.deepEqual(told, [[5, "policy"], [10, "policy"], [15, "policy"], [15, "completed"]]);
});

import assert from "node:assert/strict";
import { type Batch, Callback, type Event, History, Looper, NDArray, skip, type Work } from "../../mod.ts";

const batch = (size: number): Batch => ({
  input: new NDArray("float32", [size, 1]),
  target: new NDArray("int32", [size]),
  size,
  index: new Uint32Array(size),
});

/** Work that trains nothing: a batch of each size an epoch, the loss is one over the number of steps. */
function workOf(looper: Looper, { sizes = [4, 4, 2], more = {} as Partial<Work>, validation = [2, 1] } = {}) {
  const done: string[] = [];
  let steps = looper.step, boundaries = 0;
  void looper.history;
  const work: Work = {
    *provide(phase) {
      done.push(phase);
      for (const size of phase === "train" ? sizes : validation) yield batch(size);
    },
    step: ({ size }) => (done.push(`${size}`), { loss: 1 / ++steps }),
    evaluate: ({ size }) => (done.push(`(${size})`), { loss: size }),
    rewind: (pass) => done.push(`pass ${pass}`),
    has: (phase) => phase === "validation" && validation.length > 0,
    history: () => looper.history,
    boundary: () => boundaries++,
    ...more,
  };
  return { work, done, boundaries: () => boundaries };
}

async function all(looper: Looper, work: Work): Promise<string[]> {
  const kinds: string[] = [];
  for await (const { kind, step, epoch } of looper(work)) kinds.push(`${kind} ${step}/${epoch}`);
  return kinds;
}

Deno.test("looper: what is done, in order", async () => {
  const looper = new Looper({ epochs: 2 }), { work, done, boundaries } = workOf(looper);
  assert.deepEqual(await all(looper, work), [
    "step 1/1",
    "step 2/1",
    "step 3/1",
    "epoch 3/1",
    "step 4/2",
    "step 5/2",
    "step 6/2",
    "epoch 6/2",
  ]);
  const epoch = ["train", "4", "4", "2", "validation", "(2)", "(1)"];
  assert.deepEqual(done, ["pass 0", ...epoch, "pass 1", ...epoch]);
  assert.deepEqual([looper.step, looper.epoch, looper.samples, looper.inEpoch], [6, 2, 20, false]);
  assert.equal(looper.ending?.reason, "2 epochs are done");
  assert.ok(boundaries() >= 6);
});

/** Budget, why it ends, after how many steps. */
const budgets: [options: object, reason: RegExp, steps: number][] = [
  [{}, /10 epochs/, 30],
  [{ epochs: 3 }, /^3 epochs are done$/, 9],
  [{ epochs: 0 }, /^0 epochs are done$/, 0],
  [{ steps: 4 }, /^4 steps are done$/, 4],
  [{ steps: 0 }, /^0 steps are done$/, 0],
  [{ steps: 6 }, /^6 steps are done$/, 6],
  [{ steps: 100, epochs: 2 }, /2 epochs/, 6],
  [{ steps: 5, epochs: 2 }, /5 steps/, 5],
  [{ seconds: 1e-9 }, /seconds are over/, 0],
  [{ target: { series: "train/loss", value: 0.2, mode: "min" } }, /train\/loss reached 0.2, the target is 0.2/, 5],
  [{ target: { series: "train/loss", value: 0.2 } }, /train\/loss reached 0.2, the target is 0.2/, 5], // a loss: from above
  [{ target: { series: "validation/loss", value: 1.5, mode: "max" } }, /validation\/loss reached 1.66/, 3],
  [{ target: { series: "train/other", value: 1 }, steps: 7 }, /7 steps/, 7],
];
for (const [options, reason, steps] of budgets) {
  Deno.test(`looper: the budget ${JSON.stringify(options)}`, async () => {
    const looper = new Looper(options), { work } = workOf(looper);
    await all(looper, work);
    assert.match(looper.ending!.reason, reason);
    assert.equal(looper.ending!.kind, "budget");
    assert.equal(looper.step, steps);
    assert.deepEqual(await all(looper, work), [], "begun again, there is nothing left");
  });
}

Deno.test("looper: a budget of steps may be larger afterwards, and an epoch goes on in its middle", async () => {
  const looper = new Looper({ steps: 2 }), { work, done } = workOf(looper);
  await all(looper, work);
  assert.deepEqual([looper.inEpoch, looper.batch], [true, 2]);
  looper.steps = 5;
  done.length = 0;
  assert.deepEqual(await all(looper, work), ["step 3/1", "epoch 3/1", "step 4/2", "step 5/2"]);
  assert.deepEqual(done.slice(0, 3), ["pass 0", "train", "2"], "used batches are drawn again and let go");
});

const cadences: [validate: unknown, steps: number[]][] = [
  [undefined, [3, 6, 9, 12]],
  [{ epochs: 2 }, [6, 12]],
  [{ steps: 2 }, [2, 4, 6, 8, 10, 12]],
  [{ steps: 5, epochs: 3 }, [5, 9, 10]],
  [false, []],
];
for (const [validate, steps] of cadences) {
  Deno.test(`looper: validation ${JSON.stringify(validate ?? "by default")}`, async () => {
    const looper = new Looper({ epochs: 4, ...(validate === undefined ? {} : { validate }) } as never);
    const { work } = workOf(looper);
    await all(looper, work);
    const points = looper.history.series("validation/loss");
    assert.deepEqual([...points.step ?? []], steps);
    assert.ok([...points.y].every((loss) => loss === 5 / 3), "a mean over all samples, not over batches");
  });
}

Deno.test("looper: without validation data none is done", async () => {
  const looper = new Looper({ epochs: 2 }), { work } = workOf(looper, { validation: [] });
  await all(looper, work);
  assert.deepEqual(looper.history.names, ["train/loss"]);
});

Deno.test("looper: unequal batches give means over samples", async () => {
  const looper = new Looper({ epochs: 1 }), { work } = workOf(looper);
  const means: Event[] = [];
  looper.events$.subscribe((event) => event.trigger === "end_of_epoch" && means.push(event));
  await all(looper, work);
  assert.equal(means[0]!.loss, (4 * 1 + 4 / 2 + 2 / 3) / 10);
  assert.equal(looper.history.series("train/loss", { by: "epoch" }).y[0], means[0]!.loss);
});

Deno.test("looper: a step that returns a promise, and other names", async () => {
  const looper = new Looper({ steps: 3 });
  const step = ({ size }: Batch) => Promise.resolve({ reward: size, regret: -size });
  const { work } = workOf(looper, { more: { step } });
  await all(looper, work);
  assert.deepEqual(looper.history.names, ["train/reward", "train/regret"]);
});

Deno.test("looper: the events of an epoch and what they tell", async () => {
  const looper = new Looper({ epochs: 1 }), { work } = workOf(looper, { sizes: [3] });
  const heard: Event[] = [];
  looper.events$.subscribe((event) => void heard.push(event));
  await all(looper, work);
  const wanted = [
    "training",
    "epoch",
    "training_step",
    "training_step",
    "validation",
    "validation",
    "epoch",
    "training",
  ];
  assert.deepEqual(heard.map(({ trigger }) => trigger.replace(/^(start|end)_of_/, "")), wanted);
  const [training, , before, after, , validated] = heard.map(({ payload }) => payload);
  assert.deepEqual(training, { step: 0, epoch: 0, samples: 0, epochs: 1, steps: null });
  assert.deepEqual(before, { phase: "train", step: 1, epoch: 1, size: 3 });
  assert.deepEqual(after, { loss: 1, phase: "train", step: 1, epoch: 1, size: 3, samples: 3 });
  assert.deepEqual(validated, { loss: 5 / 3, phase: "validation", step: 1, epoch: 1, samples: 3 });
  assert.equal(heard.at(-1)!.reason, "1 epochs are done");
});

Deno.test("looper: what is skipped counts as a batch, not as a step", async () => {
  const looper = new Looper({ epochs: 1 }), { work, done } = workOf(looper);
  looper.callbacks.register(
    new class First extends Callback {
      seen = 0;
      start_of_training_step() {
        return this.seen++ === 0 ? skip() : undefined;
      }
    }(),
  );
  assert.deepEqual(await all(looper, work), ["step 1/1", "step 2/1", "epoch 2/1"]);
  assert.deepEqual(done.slice(0, 4), ["pass 0", "train", "4", "2"]);
  assert.equal(looper.samples, 6);
});

Deno.test("looper: all skipped is an epoch without a step", async () => {
  const looper = new Looper({ epochs: 2 }), { work } = workOf(looper);
  looper.callbacks.register(
    new class Every extends Callback {
      start_of_training_step = () => skip();
    }() as never,
  );
  assert.deepEqual(await all(looper, work), ["epoch 0/1", "epoch 0/2"]);
});

Deno.test("looper: data without a batch is an error, not an endless loop", async () => {
  const looper = new Looper({ steps: 5 }), { work } = workOf(looper, { sizes: [] });
  await assert.rejects(all(looper, work), /Cannot train: the data provider gave no batch/);
});

Deno.test("looper: asked to end, it ends after the step; the first to ask gives the reason", async () => {
  const looper = new Looper({ epochs: 5 }), { work } = workOf(looper);
  let steps = 0;
  for await (const { step } of looper(work)) {
    steps++;
    if (step === 2) {
      looper.end({ kind: "stop", reason: "enough" });
      looper.end({ kind: "fail", reason: "too late" });
    }
  }
  assert.equal(steps, 2);
  assert.deepEqual(looper.ending, { kind: "stop", reason: "enough" });
  assert.equal((await all(looper, work)).length, 18, "begun again, it goes on");
});

Deno.test("looper: pulled no more, it does no more, and goes on from there", async () => {
  const looper = new Looper({ epochs: 1 }), { work, done } = workOf(looper);
  for await (const _ of looper(work)) break;
  assert.deepEqual(done, ["pass 0", "train", "4"]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(looper.step, 1);
  const state = await looper.state();
  const copy = new Looper({ epochs: 1 });
  await copy.loadState(state);
  assert.deepEqual(await all(copy, workOf(copy).work), await all(looper, work));
  assert.ok((await copy.state()).equals(await looper.state()));
});

Deno.test("looper: time is counted while it runs only, and is no state", async () => {
  const looper = new Looper({ steps: 1 }), { work } = workOf(looper);
  looper.elapsed = 5;
  await all(looper, work);
  const elapsed = looper.elapsed;
  assert.ok(elapsed >= 5);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(looper.elapsed, elapsed);
  assert.ok(!JSON.stringify({ ...await looper.state() }).includes("elapsed"));
});

Deno.test("looper: what the data may follow is what was known when the epoch began", async () => {
  const looper = new Looper({ epochs: 2 });
  const known: unknown[] = [];
  const { work } = workOf(looper, { validation: [] });
  const provide: Work["provide"] = (phase, { history, step, epoch }) => {
    known.push([phase, history instanceof History, history.length, step, epoch]);
    return [batch(1), batch(1)];
  };
  looper.steps = 3;
  await all(looper, { ...work, provide });
  looper.steps = null;
  await all(looper, { ...work, provide });
  assert.deepEqual(known, [["train", true, 0, 0, 1], ["train", true, 2, 2, 2], ["train", true, 2, 2, 2]]);
});

Deno.test("looper: options that make no sense are refused", () => {
  for (
    const wrong of [{ epochs: -1 }, { steps: 1.5 }, { seconds: 0 }, { validate: true }, { validate: { step: 1 } }, {
      target: { series: "a" },
    }]
  ) {
    assert.throws(() => new Looper(wrong as never), /Cannot configure Looper/);
  }
});

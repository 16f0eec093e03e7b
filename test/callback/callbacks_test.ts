import assert from "node:assert/strict";
import { EarlyStopping, ModelCheckpoint, Monitor, NaNDetector, Progress, ReduceLROnPlateau } from "../../mod.ts";
import { callbacks } from "../../src/callback/callbacks.ts";
import { callbackContract, event, type Kind, tell, validated } from "./callback_contract.ts";

const rows: [Kind, Record<string, unknown>?][] = [
  [EarlyStopping, { patience: 3 }],
  [EarlyStopping, { patience: 0, restoreBest: false, minDelta: 0.4 }],
  [ModelCheckpoint, { monitor: "validation/accuracy" }],
  [NaNDetector],
  [Progress, { interval: 1e9 }],
  [ReduceLROnPlateau, { patience: 2, cooldown: 2 }],
];
for (const [Class, options] of rows) callbackContract(Class, options);

Deno.test("callbacks: each that a configuration can name is held to the contract", () => {
  const covered = new Set(rows.map(([{ name }]) => name));
  assert.deepEqual(Object.keys(callbacks).filter((name) => !covered.has(name)), []);
});

/** The actions at each loss, in short. */
function actions(callback: InstanceType<Kind>, losses: readonly number[]): string[] {
  return losses.map((loss, i) => tell(callback, validated(loss, i + 1)).map(({ action }) => action).join("+"));
}

Deno.test("EarlyStopping: keeps the best, and puts it back when it stops", () => {
  assert.deepEqual(actions(new EarlyStopping({ patience: 2 }), [3, 2, 2.5, 1, 1, 1]), [
    "keep",
    "keep",
    "",
    "keep",
    "",
    "restore+stop",
  ]);
  assert.deepEqual(actions(new EarlyStopping({ patience: 1, restoreBest: false }), [3, 2, 2]), ["", "", "stop"]);
  assert.deepEqual(actions(new EarlyStopping({ patience: 2, minDelta: 0.6 }), [3, 2.5, 2.3, 2.3]), [
    "keep",
    "",
    "keep",
    "",
  ]);
});

Deno.test("EarlyStopping: says what was best and when", () => {
  const callback = new EarlyStopping({ patience: 1 });
  actions(callback, [3, 2]);
  const stop = tell(callback, validated(2.5, 9)).at(-1) as { reason: string };
  assert.match(stop.reason, /validation\/loss was best at step 2 \(2(\.0+)?\) and not better 1 times since/);
});

Deno.test("monitors: higher is better for an accuracy, unless said otherwise; NaN is never better", () => {
  const values = (callback: InstanceType<Kind>, ...accuracies: number[]) =>
    accuracies.map((accuracy, step) => tell(callback, event("end_of_validation", { accuracy, step })).length);
  assert.deepEqual(values(new ModelCheckpoint({ monitor: "validation/accuracy" }), 0.5, 0.4, NaN, 0.6), [1, 0, 0, 1]);
  const lower = new ModelCheckpoint({ monitor: "validation/accuracy", mode: "min" });
  assert.deepEqual(values(lower, 0.5, 0.4, NaN, 0.6), [1, 1, 0, 0]);
  assert.deepEqual(values(new ModelCheckpoint({ monitor: "validation/accuracy" }), NaN, NaN), [0, 0]);
  const waiting = new EarlyStopping({ monitor: "validation/accuracy", patience: 2 });
  assert.deepEqual(values(waiting, 0.5, NaN, NaN), [1, 0, 2], "values that are none count as no better");
});

Deno.test("monitors: a series of training is its mean over the epoch, and no other phase's is heard", () => {
  const callback = new ModelCheckpoint({ monitor: "train/loss" });
  assert.deepEqual(tell(callback, validated(1, 1)), []);
  assert.deepEqual(tell(callback, event("end_of_epoch", { loss: 2, phase: "train", step: 5 })), [
    { action: "checkpoint", tag: "best:train/loss", score: 2 },
  ]);
  assert.deepEqual(tell(callback, event("end_of_epoch", { accuracy: 2, step: 6 })), []);
  assert.deepEqual([callback.best, callback.bestStep], [2, 5]);
  assert.equal(callback.monitored, "train/loss");
  assert.throws(() => new EarlyStopping({ monitor: "loss" }), /expected phase\/name/);
  assert.ok(callback instanceof Monitor);
});

/** The rates that a learning rate of 1 is set to. */
function rates(options: object, losses: readonly number[]): number[] {
  const callback = new ReduceLROnPlateau(options);
  let rate = 1;
  return losses.map((loss, i) => {
    for (const action of tell(callback, validated(loss, i + 1))) {
      assert.ok(action.action === "set" && action.path === "optimizer.learningRate");
      rate = (action.value as (rate: number) => number)(rate);
    }
    return rate;
  });
}

Deno.test("ReduceLROnPlateau: lowers after patience, waits for the cooldown, never below the least", () => {
  const flat = Array(8).fill(1);
  assert.deepEqual(rates({ patience: 2, factor: 0.5 }, flat), [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]);
  assert.deepEqual(rates({ patience: 1, factor: 0.5, cooldown: 2 }, flat), [
    1,
    0.5,
    0.5,
    0.25,
    0.25,
    0.125,
    0.125,
    0.0625,
  ]);
  assert.deepEqual(rates({ patience: 1, factor: 0.5, minLearningRate: 0.3 }, flat), [
    1,
    0.5,
    0.3,
    0.3,
    0.3,
    0.3,
    0.3,
    0.3,
  ]);
  assert.deepEqual(rates({ patience: 2, factor: 0.5 }, [5, 4, 4, 3, 3, 2, 2, 2]), [1, 1, 1, 1, 1, 1, 1, 0.5]);
});

Deno.test("NaNDetector: names the value, the step and what to do", () => {
  const callback = new NaNDetector();
  assert.deepEqual(tell(callback, event("end_of_training_step", { loss: 1, accuracy: 0, step: 1 })), []);
  for (const [value, text] of [[NaN, "NaN"], [Infinity, "Infinity"], [-Infinity, "-Infinity"]] as const) {
    for (const trigger of ["end_of_training_step", "end_of_validation"]) {
      const [action] = tell(callback, event(trigger, { accuracy: 1, loss: value, step: 4 })) as {
        action: string;
        reason: string;
      }[];
      assert.equal(action!.action, "fail");
      assert.match(action!.reason, new RegExp(`^loss is ${text} at step 4; lower the learning rate`));
    }
  }
});

Deno.test("Progress: in a pipe a plain line an epoch, on standard error", async () => {
  const script = `
    import { Trainer, Digits } from "${new URL("../../mod.ts", import.meta.url)}";
    const trainer = await Trainer.configure({ looper: { epochs: 2 }, callbacks: ["Progress"] });
    await trainer.train({ train: new Digits({ classes: [0, 1] }), validation: new Digits({ split: "test", classes: [0, 1] }) });`;
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--config",
      new URL("../../deno.json", import.meta.url).pathname,
      `data:application/typescript,${encodeURIComponent(script)}`,
    ],
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stderr);
  assert.ok(success, text);
  assert.equal(stdout.length, 0);
  assert.ok(!text.includes("\r") && !text.includes("\u001b"));
  const told = text.trim().split("\n");
  assert.equal(told.length, 2);
  told.forEach((line, i) =>
    assert.match(line, new RegExp(`^epoch ${i + 1}/2 .*train loss [\\d.]+.*validation loss [\\d.]+`))
  );
});

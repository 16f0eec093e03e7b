import assert from "node:assert/strict";
import { Adam } from "../../src/model/adam.ts";
import { schedules } from "../../src/model/schedules.ts";
import type { Schedule } from "../../src/model/schedule.ts";

/** Factors at some steps, by hand. */
const cases: Record<keyof typeof schedules, [options: object, factors: Record<number, number>][]> = {
  ExponentialDecay: [[{ rate: 0.5, steps: 10 }, { 0: 1, 5: Math.SQRT1_2, 10: 0.5, 20: 0.25 }]],
  StepDecay: [[{ rate: 0.1, steps: 10 }, { 0: 1, 9: 1, 10: 0.1, 25: 0.01 }]],
  CosineDecay: [
    [{ steps: 10 }, { 0: 1, 5: 0.5, 10: 0, 99: 0 }],
    [{ steps: 10, end: 0.2, warmup: 4 }, { 0: 0, 1: 0.25, 4: 1, 9: 0.6, 14: 0.2, 99: 0.2 }],
  ],
  LinearWarmup: [[{ steps: 4 }, { 0: 0, 1: 0.25, 4: 1, 9: 1 }], [{ steps: 4, start: 0.5 }, { 0: 0.5, 2: 0.75 }]],
  PolynomialDecay: [
    [{ steps: 4 }, { 0: 1, 1: 0.75, 4: 0, 9: 0 }],
    [{ steps: 4, end: 0.5, power: 2 }, { 0: 1, 2: 0.625, 4: 0.5 }],
  ],
  PiecewiseConstant: [[{ boundaries: [2, 4], values: [1, 0.5, 0.1] }, { 0: 1, 1: 1, 2: 0.5, 3: 0.5, 4: 0.1, 9: 0.1 }]],
};

for (const [name, examples] of Object.entries(cases)) {
  for (const [options, factors] of examples) {
    Deno.test(`${name} ${JSON.stringify(options)}`, async () => {
      const schedule = new schedules[name as "StepDecay"](options) as unknown as Schedule;
      for (const [step, factor] of Object.entries(factors)) {
        assert.ok(Math.abs(schedule(Number(step)) - factor) < 1e-9, `${schedule(Number(step))} at ${step}`);
      }
      const state = await schedule.state();
      for (const [key, value] of Object.entries(options)) assert.deepEqual(state[key], value);
      assert.deepEqual(new schedules[name as "StepDecay"](schedule.configuration.toJSON())(3), schedule(3));
    });
  }
}

Deno.test("schedules: every one has a case, and wrong options are told", () => {
  assert.deepEqual(Object.keys(cases).toSorted(), Object.keys(schedules).toSorted());
  assert.throws(() => new schedules.PiecewiseConstant({ boundaries: [1], values: [1] }), /one more value/);
  assert.throws(() => new schedules.PiecewiseConstant({ boundaries: [2, 1], values: [1, 1, 1] }), /rising/);
});

Deno.test("schedules: one in the place of the learning rate is told where it stands", () => {
  const learningRate = { CosineDecay: {} } as never;
  assert.throws(
    () => new Adam({ learningRate }),
    /learningRate: expected number; a schedule stands beside it, as schedule: /,
  );
});

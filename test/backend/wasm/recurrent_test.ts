import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { gru } from "../../../src/backend/ops/gru.ts";
import { lstm } from "../../../src/backend/ops/lstm.ts";
import { simpleRnn } from "../../../src/backend/ops/simple_rnn.ts";
import type { RecurrentOptions } from "../../../src/backend/ops/recurrent_options.ts";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import {
  type Case,
  draw,
  drawMask,
  type Kind,
  kinds,
  plain,
  reference,
  type Run,
  shapesOf,
  usualCases,
  type Values,
} from "./recurrent_reference.ts";

const ops = { lstm, gru, simpleRnn };

/** Lengths of one, sizes that are and are not multiples of what the kernels take at once, and every way to run. */
const cases: Case[] = [
  ...usualCases,
  { batch: 1, time: 1, features: 1, units: 1, bias: true },
  { batch: 1, time: 6, features: 9, units: 8, bias: true },
  { batch: 4, time: 2, features: 8, units: 9 },
  { batch: 9, time: 1, features: 2, units: 3, started: true },
];
const named = (options: Case) => JSON.stringify(options).replace(/["{}]/g, "");

/** The gradients' way in: each output times a random number, added up. */
interface Pull {
  readonly sequence: Float64Array;
  readonly states: Float64Array[];
}

for (const backend of ["wasm", "cpu"]) {
  for (const kind of Object.keys(kinds) as Kind[]) {
    Deno.test(`${kind} on ${backend} gives what its formulas give, and their gradients`, async () => {
      await resolveBackend(backend);
      for (const options of cases) {
        const shapes = shapesOf(kind, options), values = draw(shapes, 3);
        const mask = options.masked ? drawMask(options, 5) : undefined;
        const expected = reference(kind, options, values, mask), pull = pullOn(kind, options);
        const before = tf().memory().numTensors, ids = tf().backend().numDataIds();
        const found = tidied(() => readRun(runOp(kind, options, values, mask)));
        assertNear(found.sequence, expected.sequence, 3e-6, `${named(options)}: outputs`);
        found.states.forEach((state, i) =>
          assertNear(state, expected.states[i]!, 3e-6, `${named(options)}: state ${i}`)
        );
        const gradients = gradientsOf(kind, options, values, mask, pull);
        for (const [name, gradient] of Object.entries(gradients)) {
          const wanted = differences(kind, options, values, mask, pull, name);
          assertNear(gradient, wanted, 2e-5, `${named(options)}: gradient of ${name}`);
        }
        assert.equal(tf().memory().numTensors, before);
        assert.equal(tf().backend().numDataIds(), ids);
      }
    });
  }
}

Deno.test("a recurrent net gives its last states alone as with its sequence, on many more items and steps", async () => {
  await resolveBackend("wasm");
  const options = { batch: 70, time: 9, features: 30, units: 66, bias: true };
  for (const kind of Object.keys(kinds) as Kind[]) {
    const values = draw(shapesOf(kind, options), 1, 0.2);
    const expected = reference(kind, options, values);
    const [whole, last] = [true, false].map((sequences) =>
      tidied(() => readRun(runOp(kind, options, values, undefined, sequences)))
    ) as [Run, Run];
    assertNear(whole.sequence, expected.sequence, 1e-5, kind);
    assert.deepEqual(whole.states, last.states);
    // What keeps all steps for a gradient has the same bits as what keeps one.
    const inputs = tensorsOf(kind, options, values);
    const run = (x: Tensor) => tf().sum(runOn(kind, options, { ...inputs, x }, undefined, false).states[0]!);
    const { value } = tf().valueAndGrad(run)(inputs.x!);
    assert.deepEqual(value.dataSync(), run(inputs.x!).dataSync());
  }
});

Deno.test("the gradient of the input is computed only where it is asked for", async () => {
  await resolveBackend("wasm");
  const values = draw(shapesOf("lstm", plain), 1);
  const kernelsFor = async (wanted: string[]): Promise<string[]> => {
    const inputs = tensorsOf("lstm", plain, values);
    const loss = (...given: Tensor[]) => {
      const { x, kernel, recurrentKernel, bias } = {
        ...inputs,
        ...Object.fromEntries(wanted.map((name, i) => [name, given[i]!])),
      } as Record<string, Tensor>;
      return tf().sum(lstm(x!, kernel!, recurrentKernel!, bias!).states[0]!);
    };
    return (await tf().profile(() => tf().grads(loss)(wanted.map((name) => inputs[name]!)))).kernelNames;
  };
  assert(!(await kernelsFor(["kernel", "bias"])).includes("LstmInputGrad"));
  assert((await kernelsFor(["x"])).includes("LstmInputGrad"));
});

Deno.test("a recurrent net keeps its bits, and NaN comes out as NaN", async () => {
  await resolveBackend("wasm");
  const options = { ...plain, started: true, masked: true }, mask = drawMask(options, 2);
  for (const kind of Object.keys(kinds) as Kind[]) {
    const values = draw(shapesOf(kind, options), 8), pull = pullOn(kind, options);
    const [one, two] = [0, 1].map(() => gradientsOf(kind, options, values, mask, pull));
    assert.deepEqual(one, two);
    values.x![0] = NaN;
    const { states } = tidied(() => readRun(runOp(kind, { ...options, masked: false }, values)));
    assert(states[0]!.subarray(0, 5).every(Number.isNaN), kind);
    assert(!states[0]!.subarray(5).some(Number.isNaN), kind);
  }
});

Deno.test("a recurrent net takes other numbers than floats, and says which shape doesn't fit", async () => {
  await resolveBackend("wasm");
  const { ones, tidy } = tf();
  tidy(() => {
    const weights = [ones([2, 12]), ones([3, 12]), ones([12])] as const;
    const [whole] = lstm(ones([1, 2, 2], "int32"), ...weights).states;
    const [real] = lstm(ones([1, 2, 2]), ...weights).states;
    assert.deepEqual(whole!.dataSync(), real!.dataSync());
    const none = lstm(ones([0, 2, 2]), ...weights, { returnSequences: true });
    assert.deepEqual(none.sequences!.shape, [0, 2, 3]);
    const x = ones([1, 2, 2]);
    assert.throws(() => lstm(ones([1, 2, 5]), ...weights), /kernel is of shape \[2,12\]; it must be of \[5,12\]/);
    assert.throws(() => lstm(ones([2, 2]), ...weights), /rank 2; give \[batch, time, features\]/);
    assert.throws(() => lstm(x, ...weights, { initialState: [ones([1, 3])] }), /it must be of \[2\]/);
    assert.throws(() => lstm(x, ...weights, { mask: ones([1, 3]) }), /mask is of shape \[1,3\]; it must be of \[1,2\]/);
    assert.throws(() => gru(x, ...weights), /Cannot run Gru/);
  });
});

function tensorsOf(kind: Kind, options: Case, values: Values): Record<string, Tensor> {
  const shapes = Object.entries(shapesOf(kind, options));
  return Object.fromEntries(
    shapes.map(([name, shape]) => [name, tf().tensor(Float32Array.from(values[name]!), shape)]),
  );
}

function runOp(kind: Kind, options: Case, values: Values, mask?: Float64Array, returnSequences = true) {
  return runOn(kind, options, tensorsOf(kind, options, values), mask, returnSequences);
}

function runOn(kind: Kind, options: Case, inputs: Record<string, Tensor>, mask?: Float64Array, returnSequences = true) {
  const { batch, time, goBackwards, hard, started } = options;
  const settings: RecurrentOptions = {
    returnSequences,
    ...(goBackwards ? { goBackwards } : {}),
    ...(hard ? { recurrentActivation: "hardSigmoid" } : {}),
    ...(started ? { initialState: [inputs.state0!, inputs.state1!].slice(0, kinds[kind][1]) } : {}),
    ...(mask === undefined ? {} : { mask: tf().tensor(Uint8Array.from(mask), [batch, time], "bool") }),
  };
  return ops[kind](inputs.x!, inputs.kernel!, inputs.recurrentKernel!, inputs.bias ?? null, settings);
}

function readRun({ states, sequences }: ReturnType<typeof runOp>): Run {
  const read = (tensor: Tensor) => Float64Array.from(tensor.dataSync());
  return { sequence: sequences === undefined ? new Float64Array() : read(sequences), states: states.map(read) };
}

function pullOn(kind: Kind, { batch, time, units }: Case): Pull {
  const { sequence, ...states } = draw({ sequence: [batch, time, units], a: [batch, units], b: [batch, units] }, 11);
  return { sequence: sequence!, states: Object.values(states).slice(0, kinds[kind][1]) };
}

function gradientsOf(kind: Kind, options: Case, values: Values, mask: Float64Array | undefined, pull: Pull): Values {
  const { grads, mul, sum, tensor, addN } = tf();
  return tidied(() => {
    const inputs = tensorsOf(kind, options, values), names = Object.keys(inputs);
    const found = grads((...given: Tensor[]) => {
      const { sequences, states } = runOn(kind, options, Object.fromEntries(names.map((n, i) => [n, given[i]!])), mask);
      const pulled = (x: Tensor, by: Float64Array) => sum(mul(x, tensor(Float32Array.from(by), x.shape)));
      return addN([pulled(sequences!, pull.sequence), ...states.map((state, i) => pulled(state, pull.states[i]!))]);
    })(Object.values(inputs));
    return Object.fromEntries(names.map((n, i) => [n, Float64Array.from(found[i]!.dataSync())]));
  });
}

/** The gradient of one input by central differences of the reference. */
function differences(
  kind: Kind,
  options: Case,
  values: Values,
  mask: Float64Array | undefined,
  pull: Pull,
  name: string,
): Float64Array {
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((total, value, i) => total + value * b[i]!, 0);
  const pulled = (moved: Float64Array) => {
    const { sequence, states } = reference(kind, options, { ...values, [name]: moved }, mask);
    return dot(sequence, pull.sequence) + states.reduce((total, state, i) => total + dot(state, pull.states[i]!), 0);
  };
  const step = 1e-5;
  return values[name]!.map((_, i) => {
    const [up, down] = [step, -step].map((delta) => {
      const moved = values[name]!.slice();
      moved[i]! += delta;
      return pulled(moved);
    });
    return (up! - down!) / (2 * step);
  });
}

/** As tf.tidy, for anything that isn't a tensor. */
function tidied<T>(work: () => T): T {
  let result: T | undefined;
  tf().tidy(() => void (result = work()));
  return result!;
}

function assertNear(found: Float64Array, wanted: Float64Array, tolerance: number, what: string): void {
  assert.equal(found.length, wanted.length, what);
  found.forEach((value, i) => {
    const error = Math.abs(value - wanted[i]!);
    if (!(error <= tolerance * (1 + Math.abs(wanted[i]!)))) {
      assert.fail(`${what}, number ${i}: ${value} instead of ${wanted[i]}`);
    }
  });
}

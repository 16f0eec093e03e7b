import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Binding } from "../../../src/backend/native/binding.ts";
import { gru } from "../../../src/backend/ops/gru.ts";
import { lstm } from "../../../src/backend/ops/lstm.ts";
import { simpleRnn } from "../../../src/backend/ops/simple_rnn.ts";
import { tf } from "../../../src/backend/tf.ts";
import {
  type Case,
  draw,
  drawMask,
  type Kind,
  kinds,
  reference,
  shapesOf,
  usualCases,
  type Values,
} from "../wasm/recurrent_reference.ts";
import { nativeTest, useNative } from "./setup.ts";

const ops = { lstm, gru, simpleRnn };
const cases: Case[] = [
  ...usualCases,
  { batch: 2, time: 1, features: 2, units: 3, started: true },
];

/** A scalar of everything that comes out, each number with a weight of its own. */
function pull(outputs: readonly Float64Array[]): number {
  return outputs.reduce((sum, output, k) => sum + output.reduce((part, x, i) => part + x * Math.sin(i + 2 * k), 0), 0);
}
function pullTensors(outputs: readonly Tensor[]): Tensor {
  const { addN, mul, reshape, sin, sum, range, add } = tf();
  return addN(outputs.map((output, k) => {
    return sum(mul(reshape(output, [-1]), sin(add(range(0, output.size), 2 * k))));
  }));
}

function run(kind: Kind, options: Case, tensors: Record<string, Tensor>, mask?: Tensor, returnSequences = true) {
  const states = Array.from({ length: kinds[kind][1] }, (_, i) => tensors[`state${i}`]!);
  return ops[kind](tensors.x!, tensors.kernel!, tensors.recurrentKernel!, tensors.bias ?? null, {
    returnSequences,
    goBackwards: options.goBackwards ?? false,
    recurrentActivation: options.hard ? "hardSigmoid" : "sigmoid",
    ...(options.started ? { initialState: states } : {}),
    ...(mask === undefined ? {} : { mask }),
  });
}

function assertNear(found: ArrayLike<number>, wanted: ArrayLike<number>, what: string): void {
  assert.equal(found.length, wanted.length, what);
  for (let i = 0; i < wanted.length; i++) {
    assert.ok(Math.abs(found[i]! - wanted[i]!) < 1e-4, `${what}: ${found[i]} instead of ${wanted[i]} at ${i}`);
  }
}

/** The slopes of what {@linkcode pull} gives, by differences in double precision. */
function slopes(kind: Kind, options: Case, values: Values, mask: Float64Array | undefined, name: string) {
  const moved = (i: number, by: number) => {
    const other = { ...values, [name]: values[name]!.with(i, values[name]![i]! + by) };
    const { sequence, states } = reference(kind, options, other, mask as never);
    return pull([...states, sequence]);
  };
  return values[name]!.map((_, i) => (moved(i, 1e-5) - moved(i, -1e-5)) / 2e-5);
}

for (const kind of Object.keys(kinds) as Kind[]) {
  nativeTest(`${kind} gives what its formulas give, and their gradients; nothing is left`, async () => {
    await useNative();
    const binding = (tf().backend() as unknown as { binding: Binding }).binding;
    for (const options of cases) {
      const title = JSON.stringify(options), shapes = shapesOf(kind, options), values = draw(shapes, 3);
      const mask = options.masked ? drawMask(options, 5) : undefined;
      const expected = reference(kind, options, values, mask);
      const before = tf().memory().numTensors;
      const names = Object.keys(shapes);
      tf().tidy(() => {
        const tensors = names.map((name) => tf().tensor(Float32Array.from(values[name]!), shapes[name]!));
        const masks = mask === undefined
          ? undefined
          : tf().tensor(Array.from(mask), [options.batch, options.time], "bool");
        const named = (all: Tensor[]) => Object.fromEntries(names.map((name, i) => [name, all[i]!]));
        const found = run(kind, options, named(tensors), masks);
        assertNear(found.sequences!.dataSync(), expected.sequence, `${title}: outputs`);
        found.states.forEach((state, i) => assertNear(state.dataSync(), expected.states[i]!, `${title}: state ${i}`));
        const last = run(kind, options, named(tensors), masks, false);
        assertNear(last.states[0]!.dataSync(), expected.states[0]!, `${title}: the last state alone`);
        const gradients = tf().grads((...all) => {
          const { states, sequences } = run(kind, options, named(all), masks);
          return pullTensors([...states, sequences!]);
        })(tensors);
        gradients.forEach((gradient, i) => {
          assertNear(
            gradient.dataSync(),
            slopes(kind, options, values, mask as never, names[i]!),
            `${title}: ${names[i]}`,
          );
        });
      });
      assert.equal(tf().memory().numTensors, before);
    }
    // Of what is kept for the way back nothing stays; constants do, and are few.
    assert.ok(binding.getNumOfTensors() < 300, `${binding.getNumOfTensors()} tensors of TensorFlow's`);
  });
}

import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../../../src/backend/tf.ts";
import type { Module } from "../../../src/module/module.ts";
import { NDArray, sizeOf } from "../../../src/module/ndarray.ts";
import { Random } from "../../../src/module/random.ts";
import { Criterion } from "../../../src/model/criterion.ts";
import { type Mode, parametersOf } from "../../../src/model/net.ts";
import type { Parameter } from "../../../src/model/parameter.ts";
import { computeGradients, computeLoss, runNet } from "../../../src/model/train_step.ts";
import { dot, gradientErrors, normal } from "../../differences.ts";
import type { Numbers } from "./array.ts";

/** A loss that sees every number of an output: their sum with fixed weights, added up in 64 bits outside of tfjs. */
class Weighted extends Criterion {
  readonly #weights: Float32Array;

  constructor(weights: Float32Array) {
    super();
    this.#weights = weights;
  }

  override invoke(output: Tensor): Tensor {
    return tf().sum(tf().mul(tf().reshape(output, [-1]), tf().tensor1d(this.#weights)));
  }
}

/** What a net gives for an input, and how far its gradients are from differences. */
export interface Found {
  readonly output: Numbers;
  /** By the parameters' names, and `input`: the greatest error as a share of the gradient's length. */
  readonly errors: Record<string, number>;
}

/** Runs a net that was built, and compares the gradients of its parameters and its input with differences. */
export async function differences(net: Module, x: NDArray, mode: Mode, discrete: boolean): Promise<Found> {
  const parameters = parametersOf(net).filter(([, { trainable }]) => trainable);
  const shape = [...x.shape], again = noiseAgain(net), kept = movingOf(net);
  const restore = () => [again, ...kept].forEach((put) => put());
  const run = async (input: Float32Array) => {
    restore();
    const y = tf().tidy(() => runNet(net, tf().tensor(input, shape), mode));
    const output = { shape: y.shape, data: await y.data() as Float32Array };
    y.dispose();
    return output;
  };
  const input = x.data as Float32Array, output = await run(input);
  const weights = normal(output.data.length, 3);
  restore();
  const told = await gradientsOf(net, new Weighted(weights), parameters, input, shape, mode, discrete, restore);
  const values = await Promise.all(parameters.map(async ([, parameter]) => (await parameter.read() as NDArray).data));
  const at = [...values as Float32Array[], ...(discrete ? [] : [input])];
  const loss = async (arrays: readonly Float32Array[]) => {
    for (const [i, [, parameter]] of parameters.entries()) write(parameter, arrays[i]!);
    return dot((await run(discrete ? input : arrays.at(-1)!)).data, weights);
  };
  const errors = await gradientErrors(loss, at, told);
  await loss(at);
  const names = [...parameters.map(([name]) => name), "input"];
  return { output, errors: Object.fromEntries(errors.map((error, i) => [names[i]!, error])) };
}

function write(parameter: Parameter, values: Float32Array): void {
  parameter.write(new NDArray("float32", parameter.shape, values));
}

async function gradientsOf(
  net: Module,
  criterion: Criterion,
  parameters: [string, Parameter][],
  input: Float32Array,
  shape: number[],
  mode: Mode,
  discrete: boolean,
  restore: () => void,
): Promise<Float32Array[]> {
  const tensors = tf().tidy(() => {
    const x = tf().tensor(input, shape), target = tf().zeros([1]);
    const forward = (x: Tensor) => computeLoss(net, criterion, x, target, mode);
    const learnt = parameters.length > 0;
    const gradients = learnt ? computeGradients(parameters, () => forward(x)).gradients : {};
    restore();
    const towards = discrete ? [] : [tf().grad((x) => forward(x).loss)(x)];
    const own = parameters.map(([name, { shape }]) => gradients[name] ?? tf().zeros([...shape]));
    return [...own, ...towards];
  });
  const read = await Promise.all(tensors.map((tensor) => tensor.data() as Promise<Float32Array>));
  tensors.forEach((tensor) => tensor.dispose());
  return read.map((values) => values.slice());
}

/** Sets every stream of random numbers back to where it is now, so that noise is the same each time. */
function noiseAgain(net: Module): () => void {
  const streams = [...net.modules()].flatMap(([, part]) =>
    Object.values(part).filter((value) => value instanceof Random)
  );
  const counters = streams.map(({ counter }) => counter);
  return () => streams.forEach((stream, i) => stream.counter = counters[i]!);
}

/** Puts moving statistics back to where they are now. */
function movingOf(net: Module): (() => void)[] {
  return parametersOf(net).filter(([, { trainable }]) => !trainable).map(([, parameter]) => {
    const values = normal(sizeOf(parameter.shape), 8).map((value) => Math.abs(value) + 0.5);
    return () => write(parameter, values);
  });
}

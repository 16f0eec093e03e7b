import { fill, get, type Numbers } from "./array.ts";
import { biased, times } from "./references.ts";

/** The weights of one recurrent layer. */
export interface Weights {
  readonly kernel: Numbers;
  readonly recurrent_kernel: Numbers;
  readonly bias?: Numbers;
}
type Gate = (x: number) => number;
/** What a layer remembers from one time step to the next; the output is `h`. */
type Memory = { h: Numbers; c: Numbers };

/** Runs a cell over `[batch, time, ...]`; the outputs of all steps, or the last one. */
function unrolled(x: Numbers, units: number, all: boolean, step: (input: Numbers, memory: Memory) => Memory): Numbers {
  const [batch, time, length] = x.shape as [number, number, number];
  const zeros = fill([batch, units], () => 0), outputs: Numbers[] = [];
  let memory: Memory = { h: zeros, c: zeros };
  for (let t = 0; t < time; t++) {
    memory = step(fill([batch, length], ([item, i]) => get(x, [item!, t, i!])), memory);
    outputs.push(memory.h);
  }
  if (!all) return memory.h;
  return fill([batch, time, units], ([item, t, i]) => get(outputs[t!]!, [item!, i!]));
}

/** `h = f(W x + U h + b)`. */
export const simpleRnn = (x: Numbers, { kernel, recurrent_kernel, bias }: Weights, f: Gate, all: boolean): Numbers =>
  unrolled(x, kernel.shape[1]!, all, (input, { h, c }) => {
    const [own, past] = [biased(times(input, kernel), bias), times(h, recurrent_kernel)];
    return { h: fill(own.shape, (at) => f(get(own, at) + get(past, at))), c };
  });

/** Gates in Keras's order: input, forget, candidate, output. */
export function lstm(
  x: Numbers,
  { kernel, recurrent_kernel, bias }: Weights,
  f: Gate,
  gate: Gate,
  all: boolean,
): Numbers {
  const units = kernel.shape[1]! / 4;
  return unrolled(x, units, all, (input, { h, c }) => {
    const [own, past] = [biased(times(input, kernel), bias), times(h, recurrent_kernel)];
    const sum = ([item, i]: number[], k: number) =>
      get(own, [item!, k * units + i!]) + get(past, [item!, k * units + i!]);
    const next = fill(c.shape, (at) => gate(sum(at, 1)) * get(c, at) + gate(sum(at, 0)) * f(sum(at, 2)));
    return { h: fill(c.shape, (at) => gate(sum(at, 3)) * f(get(next, at))), c: next };
  });
}

/** Gates in Keras's order, update, reset, candidate; the state is reset before it is multiplied. */
export function gru(
  x: Numbers,
  { kernel, recurrent_kernel, bias }: Weights,
  f: Gate,
  gate: Gate,
  all: boolean,
): Numbers {
  const units = kernel.shape[1]! / 3;
  return unrolled(x, units, all, (input, { h, c }) => {
    const [own, past] = [biased(times(input, kernel), bias), times(h, recurrent_kernel)];
    const sum = ([item, i]: number[], k: number) =>
      get(own, [item!, k * units + i!]) + get(past, [item!, k * units + i!]);
    const reset = fill(h.shape, (at) => gate(sum(at, 1)) * get(h, at));
    const candidate = times(reset, recurrent_kernel);
    const next = fill(h.shape, (at) => {
      const update = gate(sum(at, 0)), place = [at[0]!, 2 * units + at[1]!];
      return update * get(h, at) + (1 - update) * f(get(own, place) + get(candidate, place));
    });
    return { h: next, c };
  });
}

import type { Attribute } from "../binding.ts";
import type { Family, Machine } from "../machine.ts";
import { Variables } from "./variables.ts";

/**
 * Steps of optimizers past tfjs's engine; Adam's is one operation of TensorFlow's that changes variables of its own, of
 * which tensors are made again: what is remembered are plain tensors before and after. What each computes is told in
 * `../../ops/`.
 */
export const optimizers: Family = (machine) => {
  const apply = applying(machine, new Variables(machine));
  const { floats: { add, sub, mul, scale, apply: run }, constants } = machine;
  const id = machine.id.bind(machine), number = constants.number.bind(constants);
  return {
    AdamStep: ({ inputs: { value, gradient, m, v }, attrs: { size, epsilon, beta1, beta2, keep } }) => {
      const kept = keep === 1 ? id(value) : scale(id(value), keep);
      // With powers of nought there is no correction left to do: it is folded into the size.
      const numbers = [0, 0, size, beta1, beta2, epsilon].map(number), flag = machine.flag("use_nesterov", false);
      return apply("ResourceApplyAdam", [kept, id(m), id(v)], [...numbers, id(gradient)], flag);
    },
    SgdStep: ({ inputs: { value, gradient }, attrs: { rate } }) => [sub(id(value), scale(id(gradient), rate))],
    MomentumStep: ({ inputs: { value, gradient, velocity }, attrs: { rate, momentum, nesterov } }) => {
      const next = add(scale(id(velocity), momentum), id(gradient));
      const step = nesterov ? add(id(gradient), scale(next, momentum)) : next;
      return [sub(id(value), scale(step, rate)), next];
    },
    RmsPropStep: ({ inputs: { value, gradient, squares, velocity }, attrs: { rate, decay, momentum, epsilon } }) => {
      const next = add(scale(id(squares), decay), scale(run("Square", id(gradient)), 1 - decay));
      const step = mul(scale(id(gradient), rate), run("Rsqrt", add(next, number(epsilon))));
      if (velocity == null) return [sub(id(value), step), next];
      const moved = add(scale(id(velocity), momentum), step);
      return [sub(id(value), moved), next, moved];
    },
    AdagradStep: ({ inputs: { value, gradient, squares }, attrs: { rate, epsilon } }) => {
      const next = add(id(squares), run("Square", id(gradient)));
      return [sub(id(value), mul(scale(id(gradient), rate), run("Rsqrt", add(next, number(epsilon))))), next];
    },
  };
};

/** Runs an operation on variables of these values; gives their values after it. */
const applying =
  (machine: Machine, variables: Variables) =>
  (name: string, values: readonly number[], rest: readonly number[], flag: Attribute): number[] => {
    const handles = variables.holding(values);
    machine.runAll(name, [machine.T, machine.flag("use_locking", false), flag], [...handles, ...rest], 0);
    return handles.map((handle) => variables.read(handle));
  };

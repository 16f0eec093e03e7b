import type { Gradient } from "./gradient.ts";

/** By kernel, the inputs along which it is constant wherever it has a slope at all. tfjs lets a gradient fail at them. */
const constant: Readonly<Record<string, readonly string[]>> = {
  Equal: ["a", "b"],
  NotEqual: ["a", "b"],
  Greater: ["a", "b"],
  Less: ["a", "b"],
  LessEqual: ["a", "b"],
  LogicalAnd: ["a", "b"],
  LogicalOr: ["a", "b"],
  LogicalNot: ["x"],
  FloorDiv: ["a", "b"],
  All: ["x"],
  Any: ["x"],
};

/** Comparisons and rounding have a slope of zero: `where(greater(x, 0), x, y)` can be learnt through. */
export const steps: readonly Gradient[] = Object.entries(constant).map(([kernelName, inputs]) => ({ zeros }) => ({
  kernelName,
  inputsToSave: [...inputs],
  gradFunc: (_dy, saved) => Object.fromEntries(inputs.map((name, i) => [name, () => zeros(saved[i]!.shape)])),
}));

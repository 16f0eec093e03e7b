import type { Machine } from "../../machine.ts";
import type { Gate } from "./cell.ts";

/** The functions that gates have, by their names. */
export function gateOf(machine: Machine, name: string): Gate {
  const { floats, constants } = machine;
  if (name !== "hardSigmoid") {
    return { apply: (x) => floats.apply("Sigmoid", x), slope: (y, dy) => floats.apply("SigmoidGrad", y, dy) };
  }
  // clip(0.2 x + 0.5, 0, 1), which is a sixth of relu6(1.2 x + 3).
  return {
    apply: (x) => floats.scale(floats.apply("Relu6", floats.add(floats.scale(x, 1.2), constants.number(3))), 1 / 6),
    slope: (y, dy) => floats.scale(floats.apply("Relu6Grad", dy, floats.scale(y, 6)), 0.2),
  };
}

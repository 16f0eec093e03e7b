import type { Family } from "../machine.ts";

/**
 * The gradients of activations by what they gave, each one operation. What is computed is told in
 * `../../ops/activation.ts`.
 */
export const activations: Family = (machine) => ({
  ActivationGrad: ({ inputs, attrs }) => {
    const dy = machine.id(inputs.dy), y = machine.id(inputs.y), { T } = machine;
    switch (attrs.activation) {
      case "relu":
        return machine.run("ReluGrad", [T], dy, y);
      case "relu6":
        return machine.run("Relu6Grad", [T], dy, y);
      case "elu":
        return machine.run("EluGrad", [T], dy, y);
      case "sigmoid":
        return machine.run("SigmoidGrad", [T], y, dy);
      case "tanh":
        return machine.run("TanhGrad", [T], y, dy);
      default:
        throw new RangeError(`Cannot compute the gradient of activation "${attrs.activation}": it is not known`);
    }
  },
});

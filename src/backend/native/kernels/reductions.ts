import type { Family } from "../machine.ts";

/** Sums. That over all but the last dimension, the gradient of a bias, has an operation of its own. */
export const reductions: Family = (machine) => ({
  Sum: (call) => {
    const { inputs: { x }, attrs: { axis, keepDims } } = call;
    if (x.dtype !== "float32") return machine.stock("Sum", call);
    const axes = machine.tf.util.parseAxisParam(axis ?? null, x.shape), { T, constants } = machine;
    const last = x.shape.length - 1;
    if (last > 0 && axes.length === last && !axes.includes(last) && !keepDims) {
      return machine.run("BiasAddGrad", [T], machine.id(x));
    }
    const attributes = [machine.flag("keep_dims", keepDims ?? false), T, machine.type("Tidx", "int32")];
    return machine.run("Sum", attributes, machine.id(x), constants.ints(axes));
  },
});

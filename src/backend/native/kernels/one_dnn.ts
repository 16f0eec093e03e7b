import type { Attribute } from "../binding.ts";
import type { Machine } from "../machine.ts";

/** Makes TensorFlow take oneDNN's kernel of an operation that has `_MklNative` in its name. */
export const byOneDnn = (machine: Machine): Attribute => machine.text("_kernel", "MklNameChangeOp");

/**
 * Whether oneDNN's operations are there, which TensorFlow takes by itself only when it compiles a whole graph: on
 * processors of x86 they are, unless the environment turns them off.
 */
export function hasOneDnn(machine: Machine): boolean {
  const { constants, backend: { binding } } = machine;
  if (binding.isUsingGpuDevice()) return false;
  const image = constants.zeros([1, 2, 2, 1]), once = machine.int("strides", [1, 1, 1, 1]);
  const common = [machine.T, once, machine.text("padding", "VALID"), byOneDnn(machine)];
  const ksize = machine.int("ksize", [1, 2, 2, 1]), learning = machine.flag("workspace_enabled", true);
  return machine.probe(() => {
    machine.runAll("_MklNativeMaxPool", [...common, ksize, learning], [image], 2);
    machine.run("_MklNativeConv2DWithBias", common, image, constants.zeros([1, 1, 1, 1]), constants.zeros([1]));
  });
}

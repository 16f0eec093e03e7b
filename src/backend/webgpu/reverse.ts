import type { GpuKernel } from "./kernel.ts";

/** Stock can't have more than four dimensions: each side is turned round by itself, with all before and after it as one. */
export const reverse: GpuKernel = (stock, tools) => {
  const { inputs: { x }, attrs: { dims }, backend } = tools.call;
  const { shape } = x, rank = shape.length;
  if (rank <= 4) return stock(tools.call);
  const size = (lengths: readonly number[]) => lengths.reduce((product, length) => product * length, 1);
  let turned = x;
  for (const axis of tools.tf.util.parseAxisParam(dims, shape)) {
    const sides = [size(shape.slice(0, axis)), shape[axis], size(shape.slice(axis + 1))];
    const flat = tools.run("Reshape", { x: turned }, { shape: sides });
    turned = stock({ inputs: { x: flat }, attrs: { dims: [1] }, backend });
  }
  return tools.run("Reshape", { x: turned }, { shape });
};

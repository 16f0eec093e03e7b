import type { GpuKernel } from "./kernel.ts";

/** Stock can't have more than four dimensions: each side is padded by itself, with all before and after it as one. */
export const pad: GpuKernel = (stock, tools) => {
  const { inputs: { x }, attrs: { paddings, constantValue }, backend } = tools.call;
  if (x.shape.length <= 4) return stock(tools.call);
  const size = (lengths: readonly number[]) => lengths.reduce((product, length) => product * length, 1);
  const shape = [...x.shape];
  let wide = x;
  for (const [axis, [before, after]] of (paddings as [number, number][]).entries()) {
    if (before + after === 0) continue;
    const sides = [size(shape.slice(0, axis)), shape[axis], size(shape.slice(axis + 1))];
    const flat = tools.run("Reshape", { x: wide }, { shape: sides });
    const attrs = { paddings: [[0, 0], [before, after], [0, 0]], constantValue };
    wide = stock({ inputs: { x: flat }, attrs, backend });
    shape[axis] += before + after;
  }
  return tools.run("Reshape", { x: wide }, { shape });
};

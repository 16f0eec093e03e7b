import type { Machine } from "./kernel.ts";

/** An axis of a copy: how long it is, and how many numbers it is from one step to the next, here and there. */
export type CopyAxis = readonly [length: number, from: number, to: number];

/** Copies numbers of four bytes between two places in the memory, along axes in any order. */
export function copyStrided({ heap, native }: Machine, from: number, to: number, axes: readonly CopyAxis[]): void {
  if (axes.some(([length]) => length === 0)) return;
  const plan = inGoodOrder(merged(axes));
  heap.scratch(12 * plan.length, (at) => {
    new Int32Array(heap.memory.buffer, at, 3 * plan.length).set(plan.flat());
    native.copyStrided!(from, to, at, plan.length);
  });
}

/** How many numbers it is from one step to the next along each dimension. */
export function stepsOf(shape: readonly number[]): number[] {
  let step = 1;
  return shape.toReversed().map((length) => {
    const own = step;
    step *= length;
    return own;
  }).reverse();
}

/** The same copy along as few axes as can be. */
function merged(axes: readonly CopyAxis[]): CopyAxis[] {
  const fewer: CopyAxis[] = [];
  for (const axis of axes) {
    const [length, from, to] = axis, outer = fewer.at(-1);
    if (length === 1) continue;
    if (outer !== undefined && outer[1] === length * from && outer[2] === length * to) {
      fewer[fewer.length - 1] = [outer[0] * length, from, to];
    } else fewer.push(axis);
  }
  return fewer;
}

/** Two axes at least; the last is side by side there, and the one before it here, if there are such. */
function inGoodOrder(axes: CopyAxis[]): CopyAxis[] {
  const last = axes.find(([, , to]) => to === 1), before = axes.find((axis) => axis !== last && axis[1] === 1);
  const rest = axes.filter((axis) => axis !== last && axis !== before);
  const ordered = [...rest, ...(before ? [before] : []), ...(last ? [last] : [])];
  while (ordered.length < 2) ordered.unshift([1, 0, 0]);
  return ordered;
}

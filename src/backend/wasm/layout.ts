import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Family, Kernel, Machine } from "./kernel.ts";
import { copyStrided, stepsOf } from "./strided_copy.ts";

/** Operations that only move numbers. */
export const layout: Family = (machine) => ({
  Transpose: ofFourBytes(machine, "Transpose", ({ inputs: { x }, attrs }) => transposed(machine, x, attrs.perm)),
  Tile: ofFourBytes(machine, "Tile", ({ inputs: { x }, attrs }) => tiled(machine, x, attrs.reps)),
  PadV2: ofFourBytes(machine, "PadV2", ({ inputs: { x }, attrs }) => padded(machine, x, attrs)),
  Slice: ofFourBytes(machine, "Slice", ({ inputs: { x }, attrs }) => {
    const [begin, size] = machine.tf.slice_util.parseSliceParams(x, attrs.begin, attrs.size);
    machine.tf.slice_util.assertParamsValid(x, begin!, size!);
    return sliced(machine, x, begin!, size!);
  }),
  SplitV: ofFourBytes(machine, "SplitV", ({ inputs: { x }, attrs }) => split(machine, x, attrs)),
  Concat: ({ inputs, attrs }) => concatenated(machine, Object.values(inputs), attrs.axis),
  SpaceToBatchND: (call) => spaceToBatch(machine, call),
  BatchToSpaceND: (call) => batchToSpace(machine, call),
});

/** Leaves to tfjs what isn't numbers of four bytes: truths and texts. */
function ofFourBytes({ stock }: Machine, name: string, kernel: Kernel): Kernel {
  return (call) => isOfFourBytes(call.inputs.x) ? kernel(call) : stock(name)(call);
}
const isOfFourBytes = ({ dtype }: TensorInfo): boolean => dtype === "float32" || dtype === "int32";

function transposed(machine: Machine, x: TensorInfo, perm: readonly number[]): TensorInfo {
  const { heap, run } = machine, shape = perm.map((axis) => x.shape[axis]!);
  const moved = perm.filter((axis) => x.shape[axis] !== 1);
  if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return { ...run("Identity", { x }), shape };
  const y = heap.output(shape, x.dtype), from = stepsOf(x.shape), to = stepsOf(shape);
  copyStrided(machine, heap.pointer(x), heap.pointer(y), perm.map((axis, i) => [shape[i]!, from[axis]!, to[i]!]));
  return y;
}

function tiled(machine: Machine, x: TensorInfo, reps: readonly number[]): TensorInfo {
  const { heap } = machine, y = heap.output(x.shape.map((length, i) => length * reps[i]!), x.dtype);
  const from = stepsOf(x.shape), to = stepsOf(y.shape);
  const axes = x.shape.flatMap((length, i) => [
    [reps[i]!, 0, to[i]! * length] as const,
    [length, from[i]!, to[i]!] as const,
  ]);
  copyStrided(machine, heap.pointer(x), heap.pointer(y), axes);
  return y;
}

function padded(machine: Machine, x: TensorInfo, { paddings, constantValue }: Call["attrs"]): TensorInfo {
  const { heap } = machine, pads = paddings as [number, number][];
  const y = heap.output(x.shape.map((length, i) => pads[i]![0] + length + pads[i]![1]), x.dtype);
  heap.floats(y).fill(constantValue);
  const from = stepsOf(x.shape),
    to = stepsOf(y.shape),
    first = pads.reduce((sum, [before], i) => sum + before * to[i]!, 0);
  const axes = x.shape.map((length, i) => [length, from[i]!, to[i]!] as const);
  copyStrided(machine, heap.pointer(x), heap.pointer(y) + 4 * first, axes);
  return y;
}

function sliced(machine: Machine, x: TensorInfo, begin: readonly number[], size: readonly number[]): TensorInfo {
  const { heap } = machine, y = heap.output(size, x.dtype), from = stepsOf(x.shape), to = stepsOf(size);
  const first = begin.reduce((sum, start, i) => sum + start * from[i]!, 0);
  const axes = size.map((length, i) => [length, from[i]!, to[i]!] as const);
  copyStrided(machine, heap.pointer(x) + 4 * first, heap.pointer(y), axes);
  return y;
}

function split(machine: Machine, x: TensorInfo, attrs: Call["attrs"]): TensorInfo[] {
  const { tf } = machine, axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0]!;
  const sizes = tf.backend_util.prepareSplitSize(x as never, attrs.numOrSizeSplits, axis), begin = x.shape.map(() => 0);
  return sizes.map((length) => {
    const part = sliced(machine, x, begin, x.shape.with(axis, length));
    begin[axis]! += length;
    return part;
  });
}

function concatenated(machine: Machine, parts: TensorInfo[], along: number): TensorInfo {
  const { heap, tf, stock, run } = machine, axis = tf.util.parseAxisParam(along, parts[0]!.shape)[0]!;
  if (!parts.every((part) => isOfFourBytes(part) && part.dtype === parts[0]!.dtype)) {
    return stock("Concat")({ inputs: parts as never, attrs: { axis } }) as TensorInfo;
  }
  const shapes = parts.map(({ shape }) => shape);
  tf.backend_util.assertParamsConsistent(shapes, axis);
  if (parts.length === 1) return run("Identity", { x: parts[0]! });
  const y = heap.output(tf.backend_util.computeOutShape(shapes, axis), parts[0]!.dtype), row = sizeFrom(y.shape, axis);
  const outer = sizeFrom(y.shape, 0) / Math.max(1, row);
  let to = heap.pointer(y);
  for (const part of parts) {
    const length = sizeFrom(part.shape, axis);
    copyStrided(machine, heap.pointer(part), to, [[outer, length, row], [length, 1, 1]]);
    to += 4 * length;
  }
  return y;
}

const sizeFrom = (shape: readonly number[], axis: number): number =>
  shape.slice(axis).reduce((product, length) => product * length, 1);

function spaceToBatch({ heap, run, tf }: Machine, { inputs: { x }, attrs }: Call): TensorInfo {
  const { blockShape } = attrs as { blockShape: number[] },
    blocks = blockShape.reduce((all, length) => all * length, 1);
  const paddings = x.shape.map((_: number, axis: number) => attrs.paddings[axis - 1] ?? [0, 0]);
  const padded = run("PadV2", { x }, { paddings, constantValue: 0 }), { backend_util } = tf;
  const parts = backend_util.getReshaped(padded.shape, blockShape, blocks, false);
  const perm = backend_util.getPermuted(parts.length, blockShape.length, false);
  const y = run("Transpose", { x: { ...padded, shape: parts } }, { perm });
  heap.free(padded);
  return { ...y, shape: backend_util.getReshapedPermuted(padded.shape, blockShape, blocks, false) };
}

function batchToSpace({ heap, run, tf }: Machine, { inputs: { x }, attrs }: Call): TensorInfo {
  const { blockShape, crops } = attrs, { backend_util } = tf;
  const blocks = (blockShape as number[]).reduce((all, length) => all * length, 1);
  const parts = backend_util.getReshaped(x.shape, blockShape, blocks);
  const perm = backend_util.getPermuted(parts.length, blockShape.length);
  const turned = run("Transpose", { x: { ...x, shape: parts } }, { perm });
  const shape = backend_util.getReshapedPermuted(x.shape, blockShape, blocks);
  const begin = backend_util.getSliceBeginCoords(crops, blockShape.length);
  const y = run("Slice", { x: { ...turned, shape } }, {
    begin,
    size: backend_util.getSliceSize(shape, crops, blockShape.length),
  });
  heap.free(turned);
  return y;
}

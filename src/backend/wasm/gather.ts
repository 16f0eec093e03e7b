import type { TensorInfo } from "@tensorflow/tfjs-core";
import { asFloats, backTo } from "./as_floats.ts";
import type { Call, Family, Machine } from "./kernel.ts";

/** Rows picked by index, and the sums of rows by segment, which is the gradient of picking. */
export const gather: Family = (machine) => ({
  GatherV2: ({ inputs: { x, indices }, attrs }) => picked(machine, x, indices, attrs),
  UnsortedSegmentSum: ({ inputs: { x, segmentIds }, attrs }) =>
    asFloats(
      machine,
      x,
      (floats) => backTo(machine, x.dtype, segmentSums(machine, floats, segmentIds, attrs.numSegments)),
    ),
});

function picked(machine: Machine, x: TensorInfo, indices: TensorInfo, attrs: Call["attrs"]): TensorInfo {
  const { heap, native, tf, stock } = machine, axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0]!;
  if (x.dtype === "string") return stock("GatherV2")({ inputs: { x, indices }, attrs }) as TensorInfo;
  // A truth has one byte on the heap, the others four.
  if (x.dtype === "bool") {
    return asFloats(machine, x, (x) => backTo(machine, "bool", picked(machine, x, indices, attrs)));
  }
  return asInts(machine, indices, (indices) => {
    const shapes = tf.backend_util.segment_util.collectGatherOpShapeInfo(
      x as never,
      indices as never,
      axis,
      attrs.batchDims ?? 0,
    );
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } = shapes;
    checkIndices(heap.ints(indices), dimSize);
    const y = heap.output(outputShape, x.dtype), count = batchSize === 0 ? 0 : size(indices) / batchSize;
    const [from, by, to] = [heap.pointer(x), heap.pointer(indices), heap.pointer(y)];
    for (let b = 0; b < batchSize; b++) {
      const [source, target] = [dimSize, count].map((length) => 4 * b * outerSize * length * sliceSize) as [
        number,
        number,
      ];
      native.gatherRows!(from + source, by + 4 * b * count, to + target, outerSize, dimSize, count, sliceSize);
    }
    return y;
  });
}

function checkIndices(indices: Int32Array, length: number): void {
  const wrong = indices.find((index) => index < 0 || index >= length);
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot gather: the index ${wrong} is not from 0 to ${length - 1}; is the inputDim of an embedding too small?`,
  );
}

function segmentSums(machine: Machine, x: TensorInfo, ids: TensorInfo, segments: number): TensorInfo {
  const { heap, native } = machine, inner = x.shape.slice(ids.shape.length);
  return asInts(machine, ids, (ids) => {
    const y = heap.output([segments, ...inner]), row = inner.reduce((product, length) => product * length, 1);
    native.sumSegments!(heap.pointer(x), heap.pointer(ids), heap.pointer(y), size(ids), segments, row);
    return y;
  });
}

/** Lends whole numbers as int32: as they are, or a copy. */
function asInts<T>({ heap, run }: Machine, x: TensorInfo, work: (x: TensorInfo) => T): T {
  if (x.dtype === "int32") return work(x);
  const copy = run("Cast", { x }, { dtype: "int32" });
  try {
    return work(copy);
  } finally {
    heap.free(copy);
  }
}

const size = ({ shape }: TensorInfo): number => shape.reduce((product, length) => product * length, 1);

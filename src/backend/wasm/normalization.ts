import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Family, Kernel, Machine } from "./kernel.ts";

/**
 * Batch normalisation: with fixed statistics, and in training (`BatchNormTrain`, `BatchNormTrainGrad`; see
 * `../ops/batch_norm_train.ts`). Channels are last.
 */
export const normalization: Family = (machine) => ({
  FusedBatchNorm: fixed(machine),
  BatchNormTrain: ({ inputs, attrs }) => trained(machine, inputs, attrs),
  BatchNormTrainGrad: ({ inputs, attrs }) => gradients(machine, inputs, attrs),
});

function fixed(machine: Machine): Kernel {
  const { heap } = machine;
  return ({ inputs, attrs: { varianceEpsilon } }) => {
    const { x, mean, variance, offset, scale } = inputs, ways = x.shape.at(-1) ?? 1;
    const given = [mean, variance, offset, scale].filter((each) => each != null) as TensorInfo[];
    const perChannel = given.every((each) => each.shape.at(-1) === ways && size(each) === ways);
    const floats = [x, ...given].every(({ dtype }) => dtype === "float32");
    if (!floats || !perChannel) return composed(machine, inputs, varianceEpsilon);
    const y = heap.output(x.shape);
    withFactors(machine, 2, ways, ([factor, shift], at) => {
      const variances = heap.floats(variance), scales = scale && heap.floats(scale);
      const shifts = offset && heap.floats(offset);
      for (let c = 0; c < ways; c++) {
        factor![c] = (scales ? scales[c]! : 1) / Math.sqrt(variances[c]! + varianceEpsilon);
        shift![c] = shifts ? shifts[c]! : 0;
      }
      normalize(machine, x, y, heap.pointer(mean), at);
    });
    return y;
  };
}

/** Of statistics that are broadcast in other ways: tfjs's own repeats them from the front. */
function composed({ heap, run }: Machine, inputs: Call["inputs"], varianceEpsilon: number): TensorInfo {
  const { x, mean, variance, offset, scale } = inputs, made: TensorInfo[] = [];
  const then = (kernel: string, inputs: Call["inputs"], attrs = {}) => {
    const tensor = run(kernel, inputs, attrs);
    made.push(tensor);
    return tensor;
  };
  const epsilon = then("Fill", {}, { shape: [], value: varianceEpsilon, dtype: "float32" });
  const steepness = then("Rsqrt", { x: then("Add", { a: variance, b: epsilon }) });
  const factor = scale ? then("Multiply", { a: steepness, b: scale }) : steepness;
  const scaled = then("Multiply", { a: then("Sub", { a: x, b: mean }), b: factor });
  const y = offset ? then("Add", { a: scaled, b: offset }) : scaled;
  for (const tensor of made) if (tensor !== y) heap.free(tensor);
  return y;
}

function trained(machine: Machine, { x, gamma, beta }: Call["inputs"], { epsilon }: Call["attrs"]): TensorInfo[] {
  const { heap, native } = machine, ways = x.shape.at(-1)!;
  const y = heap.output(x.shape), mean = heap.output([ways]), variance = heap.output([ways]);
  const [at, to] = [heap.pointer(mean), heap.pointer(variance)];
  native.batchStatistics!(heap.pointer(x), size(x) / ways, ways, at, to);
  withFactors(machine, 2, ways, ([scale, shift], at) => {
    const [scales, variances] = [heap.floats(gamma), heap.floats(variance)];
    for (let c = 0; c < ways; c++) scale![c] = scales[c]! / Math.sqrt(variances[c]! + epsilon);
    shift!.set(heap.floats(beta));
    normalize(machine, x, y, heap.pointer(mean), at);
  });
  return [y, mean, variance];
}

/** Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167, section 3, gathered by what each number is multiplied by. */
function gradients(machine: Machine, inputs: Call["inputs"], { epsilon }: Call["attrs"]): TensorInfo[] {
  const { heap, native } = machine, { dy, x, mean, variance, gamma } = inputs;
  const ways = x.shape.at(-1)!, rows = size(x) / ways;
  const dx = heap.output(x.shape), dgamma = heap.output([ways]), dbeta = heap.output([ways]);
  const [from, by, to, middle] = [x, dy, dx, mean].map((each) => heap.pointer(each)) as [
    number,
    number,
    number,
    number,
  ];
  native.batchGradientSums!(from, by, rows, ways, middle, heap.pointer(dbeta), heap.pointer(dgamma));
  withFactors(machine, 3, ways, ([ofGradient, ofDistance, constant], at) => {
    const [scales, variances] = [heap.floats(gamma), heap.floats(variance)];
    const [sums, moments] = [heap.floats(dbeta), heap.floats(dgamma)];
    for (let c = 0; c < ways; c++) {
      const steepness = 1 / Math.sqrt(variances[c]! + epsilon), factor = scales[c]! * steepness;
      ofGradient![c] = factor;
      ofDistance![c] = -factor * steepness * steepness * moments[c]! / rows;
      constant![c] = -factor * sums[c]! / rows;
      moments[c]! *= steepness;
    }
    native.batchGradient!(from, by, to, rows, ways, middle, at);
  });
  return [dx, dgamma, dbeta];
}

/** y of `(x - mean) * scale + shift`; scale and shift lie behind each other. */
function normalize({ heap, native }: Machine, x: TensorInfo, y: TensorInfo, mean: number, factors: number): void {
  const ways = x.shape.at(-1) ?? 1;
  native.normalize!(heap.pointer(x), heap.pointer(y), size(x) / ways, ways, mean, factors, factors + 4 * ways);
}

/** Lends room for some numbers a channel. It may move the memory: look at tensors inside. */
function withFactors(
  { heap }: Machine,
  count: number,
  ways: number,
  work: (factors: Float32Array[], at: number) => void,
): void {
  heap.scratch(4 * count * ways, (at) => {
    const { buffer } = heap.memory;
    work(Array.from({ length: count }, (_, i) => new Float32Array(buffer, at + 4 * i * ways, ways)), at);
  });
}

const size = ({ shape }: TensorInfo): number => shape.reduce((product, length) => product * length, 1);

import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Attribute } from "../binding.ts";
import type { Call, Family, Machine } from "../machine.ts";

/** Batch normalisation in training. What is computed is told in `../../ops/batch_norm_train.ts`. */
export const batchNorm: Family = (machine) => ({
  BatchNormTrain: ({ inputs: { x, gamma, beta }, attrs: { epsilon } }) => {
    const { constants } = machine, none = constants.zeros([0]);
    const inputs = [asImages(machine, x), machine.id(gamma), machine.id(beta), none, none];
    const [y, mean, , ...saved] = machine.runAll("FusedBatchNormV3", attributes(machine, epsilon), inputs, 6);
    // What it gives as the variance is the unbiased one; what it saves for the way back is the other.
    return [asShape(machine, y!, x.shape), mean!, saved[1]!];
  },
  BatchNormTrainGrad: ({ inputs, attrs: { epsilon } }: Call) => {
    const { dy, x, gamma, mean, variance } = inputs, none = machine.constants.zeros([0]);
    const images = [asImages(machine, dy), asImages(machine, x)];
    const statistics = [gamma, mean, variance].map((tensor) => machine.id(tensor));
    const all = [...images, ...statistics, none];
    const [dx, ...rest] = machine.runAll("FusedBatchNormGradV3", attributes(machine, epsilon), all, 5);
    return [asShape(machine, dx!, x.shape), rest[0]!, rest[1]!];
  },
});

const attributes = (machine: Machine, epsilon: number): Attribute[] => [
  machine.T,
  machine.type("U", "float32"),
  machine.float("epsilon", epsilon),
  machine.text("data_format", "NHWC"),
  machine.flag("is_training", true),
];

/** TensorFlow normalises [batch, height, width, ways]. */
function asImages(machine: Machine, tensor: TensorInfo): number {
  const { shape } = tensor, id = machine.id(tensor), ways = shape.at(-1)!;
  if (shape.length === 4) return id;
  const count = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  return machine.floats.reshape(id, [1, 1, count, ways]);
}

const asShape = (machine: Machine, id: number, shape: readonly number[]): number =>
  shape.length === 4 ? id : machine.floats.reshape(id, shape);

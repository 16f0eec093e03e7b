import { isRecord } from "../module/value.ts";

/** Parts of an `rnn`, which are not layers by themselves. */
export const cells: readonly string[] = ["simpleRNNCell", "gruCell", "lstmCell"];
/** Layers that go through time, so that they may go through it backwards too. */
const recurrent = ["simpleRNN", "gru", "lstm", "rnn", "convLstm2d"];
/** Layers that draw at random: inside another one tfjs would draw without our seed. */
const noise = ["dropout", "spatialDropout1d", "spatialDropout2d", "gaussianNoise", "gaussianDropout", "alphaDropout"];

/** What of a layer's options can't be together, or would have no effect; undefined where nothing is wrong. */
export function misuseOf(type: string, options: unknown): string | undefined {
  if (!isRecord(options)) return undefined;
  const inner = [options.layer, options.cell].flat().filter((item) => item !== undefined).map(nameOf);
  const noisy = inner.find((name) => noise.includes(name));
  if (noisy !== undefined) {
    return `${noisy} can't be seeded inside another layer; put it before or after ${type}, where it acts on all time steps`;
  }
  if (type === "rnn") {
    const wrong = inner.find((name) => !cells.includes(name));
    return wrong === undefined ? undefined : `${wrong} is no cell; give rnn one of ${cells.join(", ")}`;
  }
  const cell = inner.find((name) => cells.includes(name));
  if (cell !== undefined) return `${cell} is a part of an rnn; write { layer: { rnn: { cell: "${cell}" } } }`;
  if (type === "bidirectional" && !recurrent.includes(inner[0]!)) {
    return `${inner[0]} goes through no time that could be turned round; give bidirectional one of ${
      recurrent.join(", ")
    }`;
  }
  return moreThanOne(options.strides) && moreThanOne(options.dilationRate)
    ? "strides and dilationRate can't both be more than 1; leave one of them out"
    : undefined;
}

const nameOf = (description: unknown): string =>
  isRecord(description)
    ? Object.keys(description).find((key) => description[key] !== undefined) ?? ""
    : `${description}`;

const moreThanOne = (sizes: unknown): boolean => [sizes].flat().some((size) => typeof size === "number" && size > 1);

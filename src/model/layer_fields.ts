import { z } from "zod";
import { quoted, suggest } from "../module/text.ts";

const activations = [
  ...["elu", "gelu", "gelu_new", "hardSigmoid", "linear", "logSoftmax", "mish", "relu", "relu6", "selu", "sigmoid"],
  ...["softmax", "softplus", "softsign", "swish", "tanh"],
];

/** A text out of a few; typed as any text, so that a configuration written as a constant fits. */
const oneOf = (what: string, ...names: string[]) =>
  z.string().refine((name) => names.includes(name), {
    error: ({ input }) =>
      `unknown ${what} ${JSON.stringify(input)}; ${names.length > 4 ? suggest(`${input}`, names) : known(names)}`,
  });
const known = (names: string[]) => `known are ${quoted(names)}`;

/** A class of tfjs's by its name, or with its options. */
const named = z.union([z.string(), z.looseObject({ className: z.string() })]);

export const count = z.number().int().min(1);
export const rate = z.number().min(0).lt(1);
export const flag = z.boolean();
export const number = z.number();
export const whole = z.number().int();
export const activation = oneOf("activation", ...activations);
export const initializer = named;
export const constraint = named;
/** `{ l1, l2 }`, or a class of tfjs's. */
export const regularizer = z.union([
  z.strictObject({ l1: z.number().optional(), l2: z.number().optional() }),
  named,
]);
export const sizes = z.union([count, z.array(count)]);
export const shape = z.array(z.number().int().nullable());
export const padding = oneOf("padding", "valid", "same");
/** Causal: no output sees what comes later. */
export const padding1d = oneOf("padding", "valid", "same", "causal");
/** tfjs's transposed convolutions overlook it. */
export const noDilation = sizes.refine((rate) => [rate].flat().every((length) => length === 1), {
  error: "a transposed convolution has no dilation; leave it out, or use upSampling2d and a convolution",
});
export const dataFormat = oneOf("data format", "channelsLast", "channelsFirst");
export const interpolation = oneOf("interpolation", "nearest", "bilinear");
export const mergeMode = oneOf("merge mode", "sum", "mul", "concat", "ave");
/** tfjs would draw these masks without a seed. */
export const noDropout = z.number().refine((rate) => rate === 0, {
  error: "dropout inside a recurrent layer can't be seeded; put a dropout layer before or after it",
});
/** A description of a layer, checked where it is used. */
export const inner = z.unknown();

/** What every layer takes. */
export const common = {
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of letters, digits and _").optional(),
  inputShape: shape.optional(),
  batchInputShape: shape.optional(),
  trainable: flag.optional(),
};

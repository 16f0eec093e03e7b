import type { Attribute } from "../binding.ts";
import type { Call, Family, Machine } from "../machine.ts";
import { canFinish, type Ending, finish } from "./activate.ts";
import { byOneDnn } from "./one_dnn.ts";

/** Convolutions of images, and their gradients. */
export const conv2d: Family = (machine) => ({
  Conv2D: (call) => convolve(machine, call),
  FusedConv2D: (call) => {
    const ending = { ...call.attrs, bias: call.inputs.bias };
    return canFinish(ending) ? convolveAndFinish(machine, call, ending) : machine.stock("FusedConv2D", call);
  },
  Convolution: (call) => {
    const { inputs: { bias }, attrs: { activation } } = call;
    return convolveAndFinish(machine, call, { bias, activation });
  },
  Conv2DBackpropInput: ({ inputs: { dy, filter }, attrs }) => {
    const { inputShape } = attrs, attributes = placing(machine, attrs, inputShape, filter.shape);
    const ids = [machine.id(filter), machine.id(dy)];
    return machine.run("Conv2DBackpropInput", attributes, machine.constants.ints(inputShape), ...ids);
  },
  Conv2DBackpropFilter: ({ inputs: { x, dy }, attrs }) => {
    const { filterShape } = attrs, attributes = placing(machine, attrs, x.shape, filterShape);
    const sizes = machine.constants.ints(filterShape);
    return machine.run("Conv2DBackpropFilter", attributes, machine.id(x), sizes, machine.id(dy));
  },
});

function convolve(machine: Machine, { inputs: { x, filter }, attrs }: Call): number {
  return machine.run("Conv2D", placing(machine, attrs, x.shape, filter.shape), machine.id(x), machine.id(filter));
}

/** With oneDNN the bias comes for nothing. */
function convolveAndFinish(machine: Machine, call: Call, ending: Ending): number {
  const { inputs: { x, filter }, attrs } = call, { bias } = ending;
  const attributes = placing(machine, attrs, x.shape, filter.shape);
  if (bias == null || !machine.oneDnn || attributes.some(({ value }) => value === "EXPLICIT")) {
    return finish(machine, convolve(machine, call), ending);
  }
  const ids = [x, filter, bias].map((tensor) => machine.id(tensor));
  const sums = machine.run("_MklNativeConv2DWithBias", [...attributes, byOneDnn(machine)], ...ids);
  return finish(machine, sums, { ...ending, bias: null });
}

/** How a filter moves over images, as TensorFlow takes it. */
function placing(machine: Machine, attrs: Call["attrs"], input: number[], filter: number[]): Attribute[] {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat } = attrs;
  const { backend_util } = machine.tf, format = backend_util.convertConv2DDataFormat(dataFormat);
  const shapes = [input, filter] as [[number, number, number, number], [number, number, number, number]];
  const info = backend_util.computeConv2DInfo(...shapes, strides, dilations, pad, dimRoundingMode, false, format);
  const last = format === "channelsLast";
  const around = (rows: number, columns: number) => last ? [1, rows, columns, 1] : [1, 1, rows, columns];
  const { type, top, bottom, left, right } = info.padInfo;
  const explicit = type !== "VALID" && type !== "SAME";
  const edges = [top, bottom, left, right], none = [0, 0];
  return [
    machine.T,
    machine.int("strides", around(info.strideHeight, info.strideWidth)),
    machine.text("padding", explicit ? "EXPLICIT" : type),
    machine.text("data_format", last ? "NHWC" : "NCHW"),
    machine.int("dilations", around(info.dilationHeight, info.dilationWidth)),
    ...(explicit
      ? [machine.int("explicit_paddings", last ? [...none, ...edges, ...none] : [...none, ...none, ...edges])]
      : []),
  ];
}

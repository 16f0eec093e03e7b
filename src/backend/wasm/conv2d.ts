import type { TensorInfo } from "@tensorflow/tfjs-core";
import { asFloats } from "./as_floats.ts";
import { withChannelsLast } from "./channels_last.ts";
import { type ConvolutionPlan, multiplicationsOf, someImages, withPlans } from "./convolution_plan.ts";
import { type Ending, endingOf } from "./ending.ts";
import type { Call, Family, Machine } from "./kernel.ts";
import { withTaps } from "./kernel_rows.ts";
import { type Axis, windowAxes } from "./window.ts";
import { suitsWinograd, winograd } from "./winograd.ts";

/** Convolution in two dimensions, with a bias and an activation. Its gradients are in `conv2d_gradients.ts`. */
export const conv2d: Family = (machine) => {
  const convolution = (call: Call) =>
    asFloats(
      machine,
      call.inputs.filter,
      (filter) =>
        withChannelsLast(machine, [call.inputs.x], call.attrs, ([x], attrs) => {
          const first = call.attrs.dataFormat === "NCHW", inputs = first ? lastInputs(call.inputs) : call.inputs;
          return convolved(machine, x!, filter, { inputs, attrs });
        }),
    );
  // The last: see ../ops/convolution.ts.
  return { Conv2D: convolution, FusedConv2D: convolution, Convolution: convolution };
};

/** What is added to images, or multiplies them, channels first, as it is with the channels last: [c, 1, 1] as [c]. */
function lastInputs(inputs: Call["inputs"]): Call["inputs"] {
  const last = (x?: TensorInfo) => x?.shape.length === 3 ? { ...x, shape: [x.shape[1], x.shape[2], x.shape[0]] } : x;
  return { ...inputs, bias: last(inputs.bias), preluActivationWeights: last(inputs.preluActivationWeights) };
}

type Four = [number, number, number, number];

function convolved(machine: Machine, x: TensorInfo, filter: TensorInfo, call: Call): TensorInfo {
  const { heap } = machine, shape = x.shape as Four, [height, width, channels, columns] = filter.shape as Four;
  if (shape[3] !== channels) {
    const found = `the images have ${shape[3]} channels, the kernel [${filter.shape}] takes ${channels}`;
    throw new TypeError(`Cannot convolve: ${found}; they must be equal`);
  }
  const axes = windowAxes(shape.slice(1, 3), [height, width], call.attrs as never) as [Axis, Axis];
  const grid = axes.map(({ places }) => places) as [number, number];
  const y = heap.output([shape[0], ...grid, columns]), ending = endingOf(machine, call, columns);
  const [from, weights, to] = [x, filter, y].map((tensor) => heap.pointer(tensor)) as Three;
  if (suitsWinograd(axes, shape[0], channels, columns)) {
    const tap = channels * columns, before = axes.map((axis) => axis.before) as [number, number];
    const lie = { place: weights, line: width * tap, tap, depth: columns, column: 1 };
    winograd(machine, { x: from, shape, grid, columns, before, taps: [height, width] }, lie, to, ending);
  } else {
    const steps = axes.map(({ stride }) => stride) as [number, number];
    const target = { place: to, image: grid[0] * grid[1] * columns, line: grid[1] * columns, point: columns };
    withTaps(machine, { x: from, shape, axes, weights, columns }, (images) => {
      convolve(machine, { ...images, grid, steps }, { depthStep: columns, columnStep: 1, columns }, target, ending);
    });
  }
  return ending.rest(y);
}
type Three = [number, number, number];

/** How a tap's weights lie: so far from one of the channels that are summed to the next, from column to column. */
export interface Weights {
  readonly depthStep: number;
  readonly columnStep: number;
  readonly columns: number;
}

/** Where the first point's columns go, and how far it is from image to image, line to line, point to point. */
export interface Target {
  readonly place: number;
  readonly image: number;
  readonly line: number;
  readonly point: number;
}

/** Runs our convolution, some images on each thread. */
export function convolve(
  { heap, native, divide, together }: Machine,
  plan: ConvolutionPlan,
  { depthStep, columnStep, columns }: Weights,
  to: Target,
  { bias = 0, activation = 0, alpha = 0 }: Partial<Ending> = {},
): void {
  const parts = divide(plan.shape[0], multiplicationsOf(plan, columns));
  withPlans(heap, parts.map((part) => someImages(plan, part)), (plans) => {
    heap.scratches(plans.map((plan) => native.convolveScratch!(plan, columns)), (scratches) => {
      const rest = [to.image, to.line, to.point, bias, activation, alpha] as const;
      const places = parts.map(([first]) => to.place + 4 * first * to.image);
      const calls = plans.map((plan, i) => [plan, depthStep, columnStep, columns, places[i]!, ...rest, scratches[i]!]);
      together("convolve", calls);
    });
  });
}

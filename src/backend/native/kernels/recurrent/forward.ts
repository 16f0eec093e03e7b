import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Machine } from "../../machine.ts";
import type { Cell, CellMaker } from "./cell.ts";
import { gateOf } from "./gates.ts";

/** What a run is told, in TensorFlow's tensors. */
export interface Run {
  readonly cell: Cell;
  readonly batch: number;
  readonly time: number;
  readonly units: number;
  /** The recurrent kernel as the cell takes it. */
  readonly parts: readonly number[];
  /** The input as a matrix, time by time: [time * batch, features]. */
  readonly rows: number;
  readonly initial: readonly number[];
  /** By time, [batch, 1], whether a step counts. */
  readonly masks: readonly number[] | undefined;
  /** The times in the order of the steps. */
  readonly order: readonly number[];
}

/** Reads what the kernels of all kinds take. */
export function readRun(machine: Machine, maker: CellMaker, { inputs, attrs }: Call): Run {
  const { x, recurrentKernel, mask } = inputs, { floats } = machine;
  const [batch, time, features] = x.shape as [number, number, number], units = recurrentKernel.shape[0] as number;
  const cell = maker(floats, gateOf(machine, attrs.recurrentActivation), units);
  const rows = floats.reshape(floats.transpose(machine.id(x), [1, 0, 2]), [time * batch, features]);
  const states = Array.from({ length: cell.states }, (_, i) => inputs[`state${i}`] as TensorInfo | undefined);
  const initial = states.map((state) => state == null ? floats.zeros([batch, units]) : machine.id(state));
  const masks = mask == null ? undefined : masksOf(machine, machine.id(mask), time);
  const order = Array.from({ length: time }, (_, step) => attrs.goBackwards ? time - 1 - step : step);
  return { cell, batch, time, units, parts: cell.parts(machine.id(recurrentKernel)), rows, initial, masks, order };
}

function masksOf(machine: Machine, mask: number, time: number): number[] {
  const { constants } = machine, T = machine.type("T", "bool");
  const types = [machine.type("SrcT", "float32"), machine.type("DstT", "bool"), machine.flag("Truncate", false)];
  const counts = machine.run("Cast", types, mask);
  return machine.runAll("Split", [T, machine.int("num_split", time)], [constants.int(1), counts], time);
}

/** Runs all steps. */
export function run(machine: Machine, maker: CellMaker, call: Call): (number | TensorInfo)[] {
  const { inputs: { kernel, bias }, attrs } = call, { floats } = machine;
  const { cell, time, parts, rows, initial, masks, order } = readRun(machine, maker, call);
  const products = floats.matMul(rows, machine.id(kernel));
  const sums = floats.split(bias == null ? products : floats.addBias(products, machine.id(bias)), time, 0);
  let states = [...initial];
  const outputs: number[] = [], kept: number[] = [];
  for (const at of order) {
    const before = states, next = cell.step(sums[at]!, before, parts);
    states = masks === undefined
      ? next.states
      : next.states.map((state, i) => floats.select(masks[at]!, state, before[i]!));
    outputs.push(states[0]!);
    kept.push(...next.kept, ...states);
  }
  const given: (number | TensorInfo)[] = states.map((state) => floats.apply("Identity", state));
  if (attrs.sequences) given.push(floats.stack(outputs, 1));
  return attrs.keep ? [...given, machine.bundle(kept)] : given;
}

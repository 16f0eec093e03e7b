import type { Attribute } from "./binding.ts";
import type { Machine } from "./machine.ts";

/** Arithmetic on float32 tensors, by their numbers in the binding. */
export class Floats {
  readonly #machine: Machine;
  readonly #only: readonly Attribute[];
  readonly #shaped: readonly Attribute[];

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#only = [machine.T];
    this.#shaped = [machine.T, machine.type("Tshape", "int32")];
  }

  add = (a: number, b: number): number => this.#machine.run("AddV2", this.#only, a, b);
  sub = (a: number, b: number): number => this.#machine.run("Sub", this.#only, a, b);
  mul = (a: number, b: number): number => this.#machine.run("Mul", this.#only, a, b);

  /** Any operation with no attribute but its type: `Tanh`, `ReluGrad`. */
  apply = (operation: string, ...inputs: number[]): number => this.#machine.run(operation, this.#only, ...inputs);

  /** A product with a number. */
  scale = (a: number, factor: number): number => this.mul(a, this.#machine.constants.number(factor));

  /** A product of two matrices, each turned round first if that is asked for. */
  matMul = (a: number, b: number, turnA = false, turnB = false): number => {
    const turns = [this.#machine.flag("transpose_a", turnA), this.#machine.flag("transpose_b", turnB)];
    return this.#machine.run("MatMul", [...this.#only, ...turns], a, b);
  };

  reshape = (a: number, shape: readonly number[]): number => {
    return this.#machine.run("Reshape", this.#shaped, a, this.#machine.constants.ints(shape));
  };

  transpose = (a: number, order: readonly number[]): number => {
    const { T, constants } = this.#machine;
    return this.#machine.run("Transpose", [T, this.#machine.type("Tperm", "int32")], a, constants.ints(order));
  };

  slice = (a: number, begin: readonly number[], size: readonly number[]): number => {
    const { T, constants } = this.#machine;
    const types = [T, this.#machine.type("Index", "int32")];
    return this.#machine.run("Slice", types, a, constants.ints(begin), constants.ints(size));
  };

  /** Cuts into equal parts. */
  split = (a: number, parts: number, axis: number): number[] => {
    const { T, constants } = this.#machine;
    if (parts === 1) return [a];
    return this.#machine.runAll("Split", [T, this.#machine.int("num_split", parts)], [constants.int(axis), a], parts);
  };

  /** Cuts into parts of these lengths. */
  cut = (a: number, lengths: readonly number[], axis: number): number[] => {
    const { T, constants } = this.#machine, parts = lengths.length;
    const attributes = [T, this.#machine.type("Tlen", "int32"), this.#machine.int("num_split", parts)];
    return this.#machine.runAll("SplitV", attributes, [a, constants.ints(lengths), constants.int(axis)], parts);
  };

  /** Takes apart along a dimension, which is gone then. */
  unstack = (a: number, parts: number, axis: number): number[] => {
    const attributes = [this.#machine.T, this.#machine.int("num", parts), this.#machine.int("axis", axis)];
    return this.#machine.runAll("Unpack", attributes, [a], parts);
  };

  concat = (parts: readonly number[], axis: number): number => {
    const { T, constants } = this.#machine;
    if (parts.length === 1) return parts[0]!;
    const attributes = [T, this.#machine.int("N", parts.length), this.#machine.type("Tidx", "int32")];
    return this.#machine.runAll("ConcatV2", attributes, [...parts, constants.int(axis)], 1)[0]!;
  };

  /** Puts equal ones beside each other, along a new dimension. */
  stack = (parts: readonly number[], axis: number): number => {
    const attributes = [this.#machine.T, this.#machine.int("N", parts.length), this.#machine.int("axis", axis)];
    return this.#machine.runAll("Pack", attributes, parts, 1)[0]!;
  };

  /** Zeros; the kernel's own, as what it makes otherwise. */
  zeros = (shape: readonly number[]): number => {
    const { T, constants } = this.#machine;
    const types = [T, this.#machine.type("index_type", "int32")];
    return this.#machine.run("Fill", types, constants.ints(shape), constants.number(0));
  };

  /** `a` where the condition holds, else `b`; all broadcast. */
  select = (condition: number, a: number, b: number): number => this.apply("SelectV2", condition, a, b);

  /** The sum over all but the last dimension. */
  sumRows = (a: number): number => this.#machine.run("BiasAddGrad", this.#only, a);
  addBias = (a: number, bias: number): number => this.#machine.run("BiasAdd", this.#only, a, bias);
}

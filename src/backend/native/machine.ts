import type { DataType, KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import type { Attribute, Made } from "./binding.ts";
import { Constants } from "./constants.ts";
import { Floats } from "./floats.ts";
import { hasOneDnn } from "./kernels/one_dnn.ts";
import type { TensorFlowBackend } from "./register.ts";

/** What tfjs calls a kernel with. */
export interface Call {
  // deno-lint-ignore no-explicit-any -- each kernel knows its own
  readonly inputs: Record<string, any>;
  // deno-lint-ignore no-explicit-any -- each kernel knows its own
  readonly attrs: Record<string, any>;
}

/** Computes by operations of TensorFlow; gives numbers of tensors that it made, or what another kernel gave. */
export type Kernel = (call: Call) => Given | readonly Given[];

/** A tensor that a kernel made, or one of tfjs's. */
export type Given = number | TensorInfo;

/** Kernels of one kind, by the names that tfjs knows them by. */
export type Family = (machine: Machine) => Readonly<Record<string, Kernel>>;

/**
 * TensorFlow's operations as our kernels call them: with the binding's own numbers for tensors, past tfjs's engine,
 * which costs more than TensorFlow itself where tensors are small.
 */
export class Machine {
  readonly tf: TF;
  readonly backend: TensorFlowBackend;
  readonly constants: Constants;
  /** The attribute `T` of float32, which most operations have. */
  readonly T: Attribute;
  readonly floats: Floats;
  /** Whether oneDNN's own operations are there. */
  readonly oneDnn: boolean;
  readonly #stock: (name: string) => KernelFunc;
  /** What the running kernel made and has not given. */
  #made = new Map<number, Made>();

  constructor(tf: TF, backend: TensorFlowBackend, stock: (name: string) => KernelFunc) {
    this.tf = tf;
    this.backend = backend;
    this.constants = new Constants(backend.binding);
    this.T = this.type("T", "float32");
    this.floats = new Floats(this);
    this.#stock = stock;
    this.oneDnn = hasOneDnn(this);
  }

  type(name: string, dtype: DataType): Attribute {
    const { TF_ATTR_TYPE: type, TF_FLOAT, TF_INT32, TF_BOOL } = this.backend.binding;
    return { name, type, value: dtype === "float32" ? TF_FLOAT : dtype === "bool" ? TF_BOOL : TF_INT32 };
  }

  flag = (name: string, value: boolean): Attribute => ({ name, type: this.backend.binding.TF_ATTR_BOOL, value });
  int = (name: string, value: number | readonly number[]): Attribute => ({
    name,
    type: this.backend.binding.TF_ATTR_INT,
    value,
  });
  float = (name: string, value: number): Attribute => ({ name, type: this.backend.binding.TF_ATTR_FLOAT, value });
  text = (name: string, value: string): Attribute => ({ name, type: this.backend.binding.TF_ATTR_STRING, value });
  shape = (name: string, value: readonly number[]): Attribute => ({
    name,
    type: this.backend.binding.TF_ATTR_SHAPE,
    value,
  });

  /** The number of a tensor of tfjs's. */
  id(tensor: TensorInfo): number {
    return this.backend.getInputTensorIds([tensor])[0]!;
  }

  /** Runs an operation of one output. */
  run(name: string, attributes: readonly Attribute[], ...inputs: number[]): number {
    return this.runAll(name, attributes, inputs, 1)[0]!;
  }

  /** Runs an operation. */
  runAll(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): number[] {
    const ids: number[] = [];
    for (const made of this.backend.binding.executeOp(name, attributes, inputs, outputs)) {
      this.#made.set(made.id, made);
      ids.push(made.id);
    }
    return ids;
  }

  /** A tensor that others go with, which are freed with it. */
  with(tensor: number, others: readonly number[]): TensorInfo {
    const made = this.#made.get(tensor)!;
    for (const id of [tensor, ...others]) this.#made.delete(id);
    return this.backend.adopt(made, others);
  }

  /** One tensor that stands for many. */
  bundle(ids: readonly number[]): TensorInfo {
    return this.with(this.run("Identity", [this.T], this.constants.number(0)), ids);
  }

  /** The tensors that go with one. */
  unbundle({ dataId }: TensorInfo): readonly number[] {
    return this.backend.bundled(dataId);
  }

  /** Whether some operations run; what they make is freed. */
  probe(work: () => void): boolean {
    try {
      this.#alone(work);
      return true;
    } catch {
      return false;
    }
  }

  /** What tfjs-node has under a name. */
  stock(name: string, { inputs, attrs }: Call): TensorInfo | TensorInfo[] {
    return this.#stock(name)({ inputs, attrs, backend: this.backend } as never) as TensorInfo | TensorInfo[];
  }

  /** A kernel as tfjs calls it: what it made and does not give is freed. */
  kernelFunc(kernel: Kernel): KernelFunc {
    return (({ inputs, attrs }: Call) =>
      this.#alone(() => {
        const given = kernel({ inputs, attrs: attrs ?? {} });
        return isList(given) ? given.map((one) => this.#give(one)) : this.#give(given);
      })) as unknown as KernelFunc;
  }

  #alone<T>(work: () => T): T {
    const before = this.#made;
    this.#made = new Map();
    try {
      return work();
    } finally {
      for (const id of this.#made.keys()) this.backend.binding.deleteTensor(id);
      this.#made = before;
    }
  }

  #give(tensor: number | TensorInfo): TensorInfo {
    if (typeof tensor !== "number") return tensor;
    const made = this.#made.get(tensor)!;
    this.#made.delete(tensor);
    return this.backend.adopt(made);
  }
}

const isList = (given: Given | readonly Given[]): given is readonly Given[] => Array.isArray(given);

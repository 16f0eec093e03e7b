import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { type Leaf, leafAdapters, leafBrand } from "../module/leaf.ts";
import { isNDArray, sizeOf } from "../module/ndarray.ts";
import { Random } from "../module/random.ts";
import type { Value } from "../module/value.ts";
import { type Initializer, initializerNamed } from "./initializers.ts";
import { toArray, toFloat } from "./tensor.ts";

/** Marks every Parameter, also one of a class loaded a second time. */
const parameterBrand = Symbol.for("ptutils.parameter");

/** How a Parameter begins, and whether it is learnt. */
export interface ParameterOptions {
  /** A name as in {@linkcode initializers}, or a function that fills the values. */
  initializer?: string | Initializer;
  /** Whether an optimizer changes it. */
  trainable?: boolean;
  /** What puts it back where it may be, after each update. */
  constraint?: (value: Tensor) => Tensor;
  /** A variable that is there already; it stays the caller's. */
  variable?: Variable;
}

/**
 * A tensor that is learnt (or, `trainable: false`, kept), as a public field of a Module: state by itself. Its values
 * are drawn when first used, from the seed that the Module's tree was given: the same on every backend.
 *
 * @example
 * ```ts
 * import { Net, Parameter, tf } from "ptutils";
 * class Scale extends Net {
 *   factor = new Parameter([1], { initializer: "ones" });
 *   override invoke(x: Parameters<Net["invoke"]>[0]) {
 *     return tf().mul(x, this.factor.value);
 *   }
 * }
 * if (new Scale().factor.parameters !== 1) throw new Error("unexpected");
 * ```
 */
export class Parameter implements Leaf {
  readonly [leafBrand] = true;
  readonly [parameterBrand] = true;
  readonly shape: readonly number[];
  /** Whether an optimizer changes it; may be set while a run goes on. */
  trainable: boolean;
  readonly #initializer: Initializer;
  readonly #constraint: ParameterOptions["constraint"];
  readonly #random = new Random();
  #variable: Variable | undefined;

  /** @throws {RangeError} an initializer that is not known */
  constructor(shape: readonly number[], options: ParameterOptions = {}) {
    const { initializer = "glorotUniform", trainable = true, constraint } = options;
    this.shape = [...shape];
    this.trainable = trainable;
    this.#initializer = typeof initializer === "string" ? initializerNamed(initializer) : initializer;
    this.#constraint = constraint;
    this.#variable = options.variable;
  }

  /** The tensor, float32. It stays the same object when its values change. */
  get value(): Variable {
    return this.#variable ??= this.#make();
  }

  /** How many numbers it holds that are learnt. */
  get parameters(): number {
    return this.trainable ? sizeOf(this.shape) : 0;
  }

  /** Takes a tensor's values; the tensor stays the caller's. */
  assign(tensor: Tensor): void {
    if (this.#constraint === undefined) this.value.assign(tensor);
    else tf().tidy(() => this.value.assign(this.#constraint!(tensor)));
  }

  /** Takes effect on values that are not drawn yet. */
  seed(seed: number | string, path: string): void {
    this.#random.seed(seed, path);
  }

  read(): Value | Promise<Value> {
    return toArray(this.value);
  }

  check(value: Value): string | undefined {
    const fits = isNDArray(value) && value.dtype === "float32" && `${value.shape}` === `${this.shape}`;
    return fits ? undefined : `array float32 [${this.shape}]`;
  }

  write(value: Value): void {
    if (!isNDArray(value)) throw new TypeError(`Cannot write a parameter: it takes ${this.check(value)}`);
    // A new tensor, never new values in the old one: the wasm backend keeps packed weights by the tensor's id. A copy,
    // for the cpu backend computes with the very array it is given.
    const tensor = toFloat(value.clone());
    if (this.#variable === undefined) this.#variable = this.#variableOf(tensor);
    else this.#variable.assign(tensor);
    tensor.dispose();
  }

  /** Frees the tensor; used again, it begins anew. */
  dispose(): void {
    this.#variable?.dispose();
    this.#variable = undefined;
  }

  #make(): Variable {
    const values = new Float32Array(sizeOf(this.shape));
    this.#random.counter = 0;
    this.#initializer(values, this.shape, this.#random);
    const tensor = tf().tensor(values, [...this.shape], "float32");
    const variable = this.#variableOf(tensor);
    tensor.dispose();
    return variable;
  }

  // tfjs would leave a variable that isn't trainable out of the gradients by itself; ours are chosen by name.
  #variableOf(tensor: Tensor): Variable {
    return tf().variable(tensor, true, undefined, "float32");
  }
}

/** Whether a value is a {@linkcode Parameter}. */
export const isParameter = (value: unknown): value is Parameter =>
  typeof value === "object" && value !== null && parameterBrand in value;

/** The Parameters that stand for variables. */
const adapted = new WeakMap<object, Parameter>();

/** A `tf.variable` of float32 in a public field is a Parameter too, without being wrapped in one. */
leafAdapters.push((value) => {
  if (!isVariable(value)) return undefined;
  const known = adapted.get(value);
  if (known !== undefined) return known;
  const parameter = new Parameter(value.shape, { trainable: value.trainable, variable: value });
  adapted.set(value, parameter);
  return parameter;
});

/** Told by what it has, not by its class: tfjs need not be loaded to ask. */
function isVariable(value: object): value is Variable {
  const { assign, dataSync, dtype, trainable } = value as Partial<Variable>;
  return typeof assign === "function" && typeof dataSync === "function" && dtype === "float32" &&
    typeof trainable === "boolean";
}

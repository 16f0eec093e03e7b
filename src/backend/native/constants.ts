import type { Binding } from "./binding.ts";

/** So many tensors are kept: far more than any kernel takes. */
const capacity = 256;

/**
 * Small tensors that operations take over and over: numbers, axes, shapes. They are the binding's, and not to be
 * deleted; those that nobody asked for longest go first.
 */
export class Constants {
  readonly #binding: Binding;
  readonly #kept = new Map<string, number>();

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** A float32. */
  number(value: number): number {
    return this.#keep(`float ${value}`, [], this.#binding.TF_FLOAT, () => Float32Array.of(value));
  }

  /** An int32. */
  int(value: number): number {
    return this.#keep(`int ${value}`, [], this.#binding.TF_INT32, () => Int32Array.of(value));
  }

  /** An int64. */
  long(value: number): number {
    return this.#keep(`long ${value}`, [], this.#binding.TF_INT64, () => Int32Array.of(value, 0));
  }

  /** A list of int32. */
  ints(values: readonly number[]): number {
    return this.#keep(`ints ${values}`, [values.length], this.#binding.TF_INT32, () => Int32Array.from(values));
  }

  /** A matrix of two columns of int32. */
  pairs(values: readonly number[]): number {
    const shape = [values.length / 2, 2];
    return this.#keep(`pairs ${values}`, shape, this.#binding.TF_INT32, () => Int32Array.from(values));
  }

  /** Zeros, float32; few. */
  zeros(shape: readonly number[]): number {
    const size = shape.reduce((product, length) => product * length, 1);
    return this.#keep(`zeros ${shape}`, shape, this.#binding.TF_FLOAT, () => new Float32Array(size));
  }

  #keep(key: string, shape: readonly number[], dtype: number, values: () => Float32Array | Int32Array): number {
    const known = this.#kept.get(key), id = known ?? this.#binding.createTensor(shape, dtype, values());
    if (known !== undefined) this.#kept.delete(key);
    else if (this.#kept.size >= capacity) this.#forgetOldest();
    this.#kept.set(key, id); // as the newest
    return id;
  }

  #forgetOldest(): void {
    const [key, id] = this.#kept.entries().next().value!;
    this.#kept.delete(key);
    this.#binding.deleteTensor(id);
  }
}

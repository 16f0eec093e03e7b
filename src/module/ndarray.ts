import { Buffer } from "node:buffer";

/** The typed arrays that an {@linkcode NDArray} may hold. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float16Array
  | Float32Array
  | Float64Array;

/** The element types, by the names that numpy gives them. */
export type DType =
  | "bool"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float16"
  | "float32"
  | "float64";

interface TypedArrayConstructor {
  new (length: number): TypedArray;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): TypedArray;
  BYTES_PER_ELEMENT: number;
}

/** Element type to typed array; `bool` is held as bytes 0 and 1. */
export const arrayTypes: Readonly<Record<DType, TypedArrayConstructor>> = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array as unknown as TypedArrayConstructor,
  uint64: BigUint64Array as unknown as TypedArrayConstructor,
  float16: Float16Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** How many elements an array of this shape has; of `[]`, one. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

const brand = Symbol.for("ptutils.ndarray");

/**
 * An n-dimensional array: an element type, a shape, and typed data in row-major order. A plain value: it can be a leaf
 * of a State, an item of a batch, a field of a document.
 *
 * @example
 * ```ts
 * import { NDArray } from "ptutils";
 * const matrix = new NDArray("float32", [2, 3], [1, 2, 3, 4, 5, 6]);
 * if (matrix.size !== 6 || matrix.data[5] !== 6) throw new Error("unexpected");
 * ```
 */
export class NDArray<T extends TypedArray = TypedArray> {
  readonly dtype: DType;
  /** Length of each dimension; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** The elements, last dimension fastest. */
  readonly data: T;

  /** @throws {TypeError} an unknown dtype or data of another type; @throws {RangeError} data that don't fill the shape */
  constructor(dtype: DType, shape: readonly number[], data?: T | ArrayLike<number> | ArrayLike<bigint>) {
    const type = arrayTypes[dtype];
    if (type === undefined) {
      throw new TypeError(
        `Cannot make an NDArray: unknown dtype "${dtype}"; known are ${Object.keys(arrayTypes).join(", ")}`,
      );
    }
    if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
      throw new RangeError(`Cannot make an NDArray: shape [${shape}] has a length that is not a whole number`);
    }
    const size = sizeOf(shape);
    const elements = data === undefined ? new type(size) : toTyped(dtype, type, data);
    if (elements.length !== size) {
      throw new RangeError(
        `Cannot make an NDArray of shape [${shape}]: it takes ${size} elements, found ${elements.length}`,
      );
    }
    this.dtype = dtype;
    this.shape = Object.isFrozen(shape) ? shape : Object.freeze([...shape]);
    this.data = elements as T;
  }

  static {
    Object.defineProperty(this.prototype, brand, { value: true });
  }

  /** Number of elements. */
  get size(): number {
    return this.data.length;
  }

  /** The data's bytes, in the machine's order (little-endian everywhere that Deno runs). Not a copy. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.data.buffer, this.data.byteOffset, this.data.byteLength);
  }

  /** A copy with data of its own. */
  clone(): NDArray<T> {
    return new NDArray<T>(this.dtype, this.shape, this.data.slice() as T);
  }

  /** Same type, shape and bits: NaN equals the same NaN, 0 is not -0. */
  equals(other: unknown): boolean {
    if (!isNDArray(other) || other.dtype !== this.dtype || `${other.shape}` !== `${this.shape}`) return false;
    return Buffer.compare(this.bytes, other.bytes) === 0;
  }

  /** The same elements under another shape of the same size; shares the data. */
  reshape(shape: readonly number[]): NDArray<T> {
    return new NDArray<T>(this.dtype, shape, this.data);
  }

  [Symbol.for("Deno.customInspect")](): string {
    const short = (x: number | bigint) => this.dtype === "float32" ? `${Number((x as number).toPrecision(8))}` : `${x}`;
    const shown = Array.from(this.data.subarray(0, 6) as ArrayLike<number | bigint>, short).join(", ");
    return `NDArray ${this.dtype} [${this.shape.join(", ")}] (${shown}${this.size > 6 ? ", ..." : ""})`;
  }
}

/** Whether a value is an NDArray, also one of a class loaded a second time. */
export const isNDArray = (value: unknown): value is NDArray =>
  typeof value === "object" && value !== null && brand in value;

/** The dtype whose typed array `data` is; undefined for any other value. */
export function dtypeOf(data: unknown): DType | undefined {
  const found = Object.entries(arrayTypes).find(([dtype, type]) => dtype !== "bool" && data instanceof type);
  return found?.[0] as DType | undefined;
}

function toTyped(dtype: DType, type: TypedArrayConstructor, data: ArrayLike<number> | ArrayLike<bigint>): TypedArray {
  if (data instanceof type) return data as TypedArray;
  if (!ArrayBuffer.isView(data)) {
    const copy = new type(data.length) as unknown as { [i: number]: unknown };
    for (let i = 0; i < data.length; i++) copy[i] = data[i];
    return copy as unknown as TypedArray;
  }
  throw new TypeError(`Cannot make an NDArray of ${dtype}: it takes a ${type.name}, found a ${data.constructor.name}`);
}

import type { DataType, KernelBackend, TensorInfo } from "@tensorflow/tfjs-core";

/** What we use of tfjs's wasm backend, private parts among them: its version is pinned. */
interface WasmBackend extends KernelBackend {
  readonly wasm: {
    readonly asm: Record<string, unknown>;
    readonly wasmMemory?: WebAssembly.Memory;
    readonly HEAPF32: Float32Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
  };
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array | Uint8Array;
}

/** The memory of tfjs's wasm backend, where tensors lie. Our kernels compute in it. */
export class Heap {
  readonly #backend: WasmBackend;

  constructor(backend: KernelBackend) {
    this.#backend = backend as WasmBackend;
  }

  /** The memory itself. @throws {TypeError} when tfjs keeps it elsewhere than the pinned version does */
  get memory(): WebAssembly.Memory {
    const { asm, wasmMemory } = this.#backend.wasm;
    const memory = wasmMemory ?? Object.values(asm).find((value) => value instanceof WebAssembly.Memory);
    if (memory === undefined) {
      throw new TypeError("Cannot find the memory of tfjs's wasm backend: use the pinned version");
    }
    return memory as WebAssembly.Memory;
  }

  /** Whether threads can share it. */
  get isShared(): boolean {
    return this.memory.buffer instanceof SharedArrayBuffer;
  }

  /** Where a tensor's first number lies, in bytes. */
  pointer({ dataId }: TensorInfo): number {
    return this.#backend.dataIdMap.get(dataId).memoryOffset;
  }

  /** A new tensor; what is in it is whatever was there before. */
  output(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    return this.#backend.makeOutput([...shape], dtype);
  }

  /** A tensor's numbers, where they lie: good until the next tensor is made, for then the memory may grow. */
  floats(tensor: TensorInfo): Float32Array {
    return this.#backend.typedArrayFromHeap(tensor) as Float32Array;
  }

  /** As {@linkcode Heap.floats}, of an int32 tensor. */
  ints(tensor: TensorInfo): Int32Array {
    return this.#backend.typedArrayFromHeap(tensor) as Int32Array;
  }

  /** Lends memory for as long as some work takes: `bytes` of it, beginning at a multiple of 16. */
  scratch<T>(bytes: number, work: (pointer: number) => T): T {
    const { wasm } = this.#backend;
    const place = wasm._malloc(bytes + 16) >>> 0;
    if (place === 0) throw new RangeError(`Cannot compute: no room for ${bytes} bytes of scratch; use smaller batches`);
    try {
      return work((place + 15 & ~15) >>> 0);
    } finally {
      wasm._free(place);
    }
  }

  /** As {@linkcode Heap.scratch}, several at once. */
  scratches<T>(bytes: readonly number[], work: (pointers: number[]) => T): T {
    const lengths = bytes.map((length) => Math.ceil(length / 16) * 16);
    return this.scratch(lengths.reduce((sum, length) => sum + length, 0), (start) => {
      let next = start;
      return work(lengths.map((length) => (next += length) - length));
    });
  }

  /** Frees a tensor that no one else has: one that a kernel made for itself. */
  free({ dataId }: TensorInfo): void {
    this.#backend.disposeData(dataId);
  }
}

/** The section of a WebAssembly module that tells its memories. WebAssembly core specification 2.0, 5.5.8. */
const memorySection = 5;
/** A memory's limits: that it has a greatest size, and that threads may share it (threads proposal). */
const hasMaximum = 1, isShared = 2;

/**
 * The module of tfjs's wasm backend, with a memory that threads can share, as a URL: that is how tfjs takes it.
 *
 * @param entry where the package's main file is
 */
export async function shareableBinary(entry: string): Promise<string> {
  const module = shareMemory(await Deno.readFile(new URL("./tfjs-backend-wasm-simd.wasm", entry)));
  return `data:application/wasm;base64,${module.toBase64()}`;
}

/**
 * Makes the memory of a module one that threads can share: a flag of its limits. tfjs's own build with threads would
 * start its threads itself, which fails here.
 *
 * @throws {TypeError} a module that has no memory of its own, or one without a greatest size
 */
export function shareMemory(module: Uint8Array): Uint8Array {
  const shared = module.slice();
  for (let at = 8; at < shared.length;) {
    const id = shared[at++]!;
    const [length, start] = readSize(shared, at);
    if (id !== memorySection) {
      at = start + length;
      continue;
    }
    const [count, flags] = readSize(shared, start);
    if (count !== 1 || (shared[flags]! & hasMaximum) === 0) break;
    shared[flags]! |= isShared;
    return shared;
  }
  throw new TypeError("Cannot share the memory of tfjs's wasm backend: it is not as in the pinned version");
}

/** An unsigned number in LEB128, and where what follows it begins. */
function readSize(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0;; shift += 7) {
    const byte = bytes[at++]!;
    value |= (byte & 127) << shift;
    if (byte < 128) return [value >>> 0, at];
  }
}

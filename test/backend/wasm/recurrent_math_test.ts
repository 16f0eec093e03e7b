import assert from "node:assert/strict";
import { Random } from "../../../src/module/random.ts";

const memory = new WebAssembly.Memory({ initial: 2, maximum: 65536 });
const bytes = await Deno.readFile(new URL("../../../src/backend/wasm/kernels.wasm", import.meta.url));
const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
const native = instance.exports as unknown as Record<string, (...numbers: number[]) => void>;

const table = 1024, x = 4096, y = 65536;
native.activationConstants!(table);

/** Activates up to some thousand numbers. */
function activate(kind: "sigmoid" | "hardSigmoid" | "tanh", numbers: readonly number[]): Float32Array {
  const vectors = Math.ceil(numbers.length / 4);
  new Float32Array(memory.buffer, x, vectors * 4).set(numbers);
  if (kind === "tanh") native.tanhOf!(x, y, vectors, table);
  else native.gatesOf!(x, vectors, Number(kind === "hardSigmoid"), table);
  return new Float32Array(memory.buffer, kind === "tanh" ? y : x, numbers.length).slice();
}

/** The distance to the next number of single precision. */
function unit(value: number): number {
  const [bits] = new Uint32Array(new Float32Array([Math.abs(value)]).buffer);
  return new Float32Array(new Uint32Array([bits! + 1]).buffer)[0]! - Math.fround(Math.abs(value));
}

function worst(kind: "sigmoid" | "tanh", exact: (x: number) => number, ranges: readonly number[]): number {
  const random = new Random(1);
  let most = 0;
  for (const range of ranges) {
    const numbers = Array.from({ length: 4000 }, () => Math.fround(range * (2 * random.uniform() - 1)));
    activate(kind, numbers).forEach((found, i) => {
      const wanted = exact(numbers[i]!);
      most = Math.max(most, Math.abs(found - wanted) / unit(wanted));
    });
  }
  return most;
}

Deno.test("sigmoid and tanh are within 2.6 units in the last place", () => {
  const units = worst("sigmoid", (x) => 1 / (1 + Math.exp(-x)), [1e-3, 1, 5, 20, 87]);
  assert(units < 2.6, `sigmoid ${units}`);
  const tanhUnits = worst("tanh", Math.tanh, [1e-30, 1e-3, 0.1, 0.7, 2, 9, 40]);
  assert(tanhUnits < 2.6, `tanh ${tanhUnits}`);
});

Deno.test("activations end where they should, and NaN stays NaN", () => {
  const ends = [-Infinity, -1e30, -3, 0, 3, 1e30, Infinity, NaN];
  const [low, lower, , half, , ...high] = activate("sigmoid", ends);
  assert(low! < 1e-37 && lower! < 1e-37);
  assert.deepEqual([half, ...high], [0.5, 1, 1, NaN]);
  const tanh = activate("tanh", ends);
  assert.deepEqual([tanh[0], tanh[1], tanh[3], tanh[5], tanh[6], tanh[7]], [-1, -1, 0, 1, 1, NaN]);
  const hard = activate("hardSigmoid", [-Infinity, -2.5, -1, 0, 1, 2.5, Infinity, NaN]);
  assert.deepEqual([...hard], [0, 0, Math.fround(0.3), 0.5, Math.fround(0.7), 1, 1, NaN]);
});

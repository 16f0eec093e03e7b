import { hostile, type HostileFile, joined, little } from "./hostile_file.ts";

const npy = hostile("npy"), safetensors = hostile("safetensors"), idx = hostile("idx");

/** A .npy file of a header's text. */
const headed = (text: string, data: Uint8Array = new Uint8Array(16)) =>
  joined([0x93], "NUMPY", [1, 0], little(text.length + 1, 2), text, "\n", data);
const shaped = (shape: string, descr = "'<f8'") =>
  headed(`{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`);
/** A safetensors file of a header. */
const tensors = (header: unknown, data: Uint8Array = new Uint8Array(8)) => {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  return joined(little(new TextEncoder().encode(text).length, 8), text, data);
};
const tensor = (shape: number[], data_offsets: number[], dtype = "U8") => ({ dtype, shape, data_offsets });

export const arrayFiles: readonly HostileFile[] = [
  npy("a shape beyond memory", () => shaped("(4611686018427387904, 4)"), /shape/),
  npy("a shape whose product is 2^64, thus 0", () => shaped("(4294967296, 4294967296)")),
  npy("a shape of huge sides and one of 0", () => shaped("(4294967296, 4294967296, 0)"), undefined, { mayRead: true }),
  npy("20,000 dimensions", () => shaped(`(${"1, ".repeat(20_000)})`)),
  npy("a header of 4 GiB", () => joined([0x93], "NUMPY", [2, 0], little(0xffffffff, 4), "{"), /header/),
  npy("a header that makes patterns go back", () => headed(`{${"'descr': ".repeat(6000)}`)),
  npy("a header of open brackets", () => headed(`{'descr': ${"[".repeat(30_000)}, 'shape': ${"(".repeat(30_000)}`)),
  npy("spaces by the thousand", () => headed(`{${" ".repeat(60_000)}x}`)),
  npy("objects, which are pickled code", () => shaped("(1,)", "'|O'"), /pickled/),
  safetensors("a header of 4 GB", () => joined(little(4_000_000_000, 8), "{}"), /header/),
  safetensors("a header of 2^63 bytes", () => joined(little(2n ** 63n, 8), "{}"), /header/),
  safetensors("a header of 99 MB in a small file", () => joined(little(99_000_000, 8), "{}"), /header/),
  safetensors("a header of lists in lists", () => tensors("[".repeat(500_000))),
  safetensors("a header of records in records", () => tensors('{"a":'.repeat(500_000))),
  safetensors("a shape beyond memory", () => tensors({ a: tensor([2 ** 40, 2 ** 40], [0, 8]) })),
  safetensors("a shape whose product is 2^64", () => tensors({ a: tensor([2 ** 32, 2 ** 32], [0, 0]) })),
  safetensors("tensors that overlap", () => tensors({ a: tensor([8], [0, 8]), b: tensor([8], [0, 8]) })),
  safetensors(
    "100,000 tensors over the same bytes",
    () => tensors(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`t${i}`, tensor([8], [0, 8])]))),
  ),
  safetensors("offsets beyond the end", () => tensors({ a: tensor([2 ** 50], [0, 2 ** 50]) })),
  safetensors("offsets the wrong way", () => tensors({ a: tensor([8], [8, 0]) })),
  safetensors(
    "a key that reaches for the prototype",
    () => tensors('{"__proto__": {"dtype": "U8", "shape": [8], "data_offsets": [0, 8]}}'),
    undefined,
    { mayRead: true },
  ),
  idx("a shape beyond memory", () => joined([0, 0, 8, 4], new Uint8Array(16).fill(0xff), [1])),
  idx("255 dimensions", () => joined([0, 0, 8, 255], new Uint8Array(1020).fill(1))),
  idx("255 dimensions that aren't there", () => joined([0, 0, 8, 255])),
];

import type { Codec } from "../../../src/module/codec.ts";
import { type DType, NDArray } from "../../../src/module/ndarray.ts";
import type { Value } from "../../../src/module/value.ts";

const array = (dtype: DType, shape: number[], first = 0) =>
  new NDArray(
    dtype,
    shape,
    Array.from(
      { length: shape.reduce((size, length) => size * length, 1) },
      (_, i) => dtype.includes("int64") ? BigInt(i + first) as unknown as number : i + first,
    ),
  );

const arrays = {
  "layer/kernel": array("float32", [3, 4]),
  bias: array("float16", [4]),
  n: array("int64", []),
  none: array("uint8", [0, 3]),
};
const rows = Array.from(
  { length: 20 },
  (_, i) => ({ id: i, weight: i / 7, name: `item ${i}, "é"`, even: i % 2 === 0 }),
);
const values = {
  deep: { list: [1, -0.5, NaN, null, true, "text", { a: [[]] }], empty: {} },
  big: 2n ** 70n,
  at: new Date(0),
  arrays,
};

/** What our own files are made of. */
const held: Record<Codec["holds"], () => Value[]> = {
  values: () => [values, [1, 2, 3], "text", rows],
  arrays: () => [arrays, { a: array("float64", [100]) }, {}],
  array: () => [array("float32", [3, 4]), array("uint8", [5, 2, 2]), array("int16", [7])],
  rows: () => [rows, rows.slice(0, 1), rows.map(({ id, weight }) => ({ id, weight }))],
};

/** Our own files; of what a format can't hold, none. */
export async function ownSamples(codec: Codec): Promise<Uint8Array[]> {
  const made: Uint8Array[] = [];
  for (const value of held[codec.holds]()) {
    try {
      made.push(await codec.stringify(value));
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    }
  }
  return made;
}

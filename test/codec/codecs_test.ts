import assert from "node:assert/strict";
import fc from "fast-check";
import { type Codec, codecFor, codecs } from "../../src/codec/codecs.ts";
import { isNDArray, NDArray, sizeOf } from "../../src/module/ndarray.ts";
import type { Value } from "../../src/module/value.ts";
import { type Special, testCodec } from "./codec_contract.ts";

/** Samples of the element types that IDX lacks. */
const lacking = ["bool", "uint16", "uint32", "int64", "uint64", "float16"];
const notInIdx = [...lacking, ...lacking.map((dtype) => `scalar ${dtype}`), "f16", "i64", "u64"];

/** Pictures of every kind, or of one number of channels. */
function pictures(channels: readonly number[], dtypes: readonly ("uint8" | "uint16")[]): Record<string, NDArray> {
  return Object.fromEntries(channels.flatMap((count) =>
    dtypes.map((dtype) => {
      const size = 5 * 3 * count, most = dtype === "uint8" ? 255 : 65535;
      const data = Array.from({ length: size }, (_, i) => Math.round(i / (size - 1) * most));
      return [`${count} channels of ${dtype}`, new NDArray(dtype, [5, 3, count], data)];
    })
  ));
}

function anyPicture(channels: readonly number[]): fc.Arbitrary<NDArray> {
  const size = fc.integer({ min: 1, max: 9 });
  return fc.tuple(size, size, fc.constantFrom(...channels)).chain((shape) => {
    const length = sizeOf(shape);
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data) =>
      new NDArray("uint8", shape, data.slice())
    );
  });
}

/** A smooth picture: what is kept nearly. */
const smooth = new NDArray("uint8", [16, 16, 3], Uint8Array.from({ length: 768 }, (_, i) => 100 + Math.floor(i / 12)));

const isNear = (read: Value, value: Value): boolean =>
  isNDArray(read) && isNDArray(value) && `${read.shape}` === `${value.shape}` &&
  read.data.every((sample, i) => Math.abs(Number(sample) - Number(value.data[i])) <= 24);

/** What is particular to a format; all else is its kind's. */
const special: Record<string, Special> = {
  idx: { refuses: notInIdx },
  gz: { refuses: notInIdx },
  h5: { runs: 0.1 },
  parquet: { runs: 0.5 },
  arrow: { runs: 0.5 },
  png: { samples: pictures([3, 1, 2, 4], ["uint8", "uint16"]), any: anyPicture([1, 2, 3, 4]), runs: 0.5 },
  jpg: { samples: { "a smooth picture": smooth }, any: fc.constant(smooth), isNear, runs: 0.05 },
};

// A new codec is covered by being in the Map, once for all its extensions.
const tested = new Set<Codec>();
for (const [extension, load] of codecs) {
  const codec = await load();
  if (!tested.has(codec)) testCodec(extension, codec, special[extension]);
  tested.add(codec);
}

Deno.test("codecs: finds a codec by a path's extension", async () => {
  assert.equal(await codecFor("a/b.c/State.YML"), await codecs.get("yaml")!());
  assert.equal((await codecFor(new URL("file:///w.npz"))).holds, "arrays");
  await assert.rejects(() => codecFor("model.h6"), /unknown extension "\.h6"; known are \.json, /);
});

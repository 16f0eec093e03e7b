import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { sourceOf } from "../../src/module/byte_source.ts";
import type { Codec } from "../../src/module/codec.ts";
import { arrayTypes, type DType, isNDArray, NDArray, sizeOf } from "../../src/module/ndarray.ts";
import { equalValues, isValue, type Value } from "../../src/module/value.ts";

/** What each kind of codec must carry without loss, by name. */
const samples: Record<Codec["holds"], () => Record<string, Value>> = {
  values: trickyValues,
  arrays: trickyArrays,
  array: () => Object.values(trickyArrays()).reduce((all, arrays) => ({ ...all, ...arrays as object }), {}),
  rows: trickyRows,
};

const generators: Record<Codec["holds"], () => fc.Arbitrary<Value>> = {
  values: anyValue,
  arrays: () => fc.dictionary(fc.stringMatching(/^[a-zé字_$.]{0,8}$/), anyArray(), { maxKeys: 4 }),
  array: anyArray,
  rows: anyRows,
};

/** What a format does otherwise than its kind. */
export interface Special {
  /** Names of the samples that it says it can't hold, before it writes anything. */
  refuses?: readonly string[];
  /** In place of its kind's samples; the first is damaged, too. */
  samples?: Record<string, Value>;
  /** In place of any value of its kind; may hold some that it refuses. */
  any?: fc.Arbitrary<Value>;
  /** How far from the sample what comes back may be. */
  isNear?: (read: Value, value: Value) => boolean;
  /** How much of the usual number of runs it is given: 0.1 where a run takes long. */
  runs?: number;
}

/** The laws of every codec: what goes in comes out, and bad bytes give an error or a value, soon. */
export function testCodec(name: string, codec: Codec, special: Special = {}): void {
  const { refuses = [], samples: own, any = generators[codec.holds](), isNear, runs = 1 } = special;
  const isCarried = isNear ?? ((read: Value, value: Value) => equalValues(read, value));
  const roundTrip = async (value: Value) => {
    const bytes = await codec.stringify(value);
    const read = await codec.parse(bytes);
    assert.ok(isCarried(read, value), `${name}: ${Deno.inspect(read)} instead of ${Deno.inspect(value)}`);
    assert.deepEqual(await codec.stringify(isNear ? value : read), bytes, "the same value gives the same bytes");
    assert.deepEqual(joined(await codec.parts?.(value) ?? [bytes]), Uint8Array.from(bytes), "and the same in parts");
  };
  for (const [what, value] of Object.entries(own ?? samples[codec.holds]())) {
    const isRefused = refuses.includes(what);
    Deno.test(`${name}: ${isRefused ? "says that it can't hold" : "carries"} ${what}`, async () => {
      if (!isRefused) return await roundTrip(value);
      await assert.rejects(async () => await codec.stringify(value), isRefusal);
    });
  }
  Deno.test(`${name}: carries any value`, async () => {
    const carries = fc.asyncProperty(any, async (value) => {
      await roundTrip(value).catch((error) => assert.ok(refuses.length > 0 && isRefusal(error), error));
    });
    await fc.assert(carries, { numRuns: Math.ceil(200 * runs) });
  });
  const small = own === undefined ? smallSample(codec) : Object.values(own)[0]!;
  testRefusals(name, codec, small, isCarried);
  testDamage(name, codec, small, runs);
}

/** Whether an error says that a format can't hold something. */
const isRefusal = (error: unknown): boolean =>
  (error instanceof TypeError || error instanceof RangeError) && /^Cannot write .*; /s.test(error.message);

const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

function testRefusals(name: string, codec: Codec, small: Value, isCarried: (read: Value, value: Value) => boolean) {
  Deno.test(`${name}: refuses what it can't hold`, async () => {
    const foreign = [new Map(), () => 1, Symbol("s"), { deep: { function: () => 1 } }, [
      new Set(),
    ]] as unknown as Value[];
    for (const value of foreign) await assert.rejects(async () => await codec.stringify(value), TypeError);
    const cycle: Record<string, Value> = {};
    cycle.again = cycle;
    await assert.rejects(async () => await codec.stringify(cycle), TypeError);
  });
  Deno.test(`${name}: reads a part of a larger buffer`, async () => {
    const bytes = await codec.stringify(small);
    for (let offset = 1; offset < 9; offset++) {
      const larger = new Uint8Array(bytes.length + 20).fill(255);
      larger.set(bytes, offset);
      assert.ok(isCarried(await codec.parse(larger.subarray(offset, offset + bytes.length)), small));
    }
  });
  Deno.test(`${name}: what it reads doesn't share the bytes`, async () => {
    const bytes = Uint8Array.from(await codec.stringify(small));
    const read = await codec.parse(bytes);
    bytes.fill(0);
    assert.ok(isCarried(read, small));
  });
  if (codec.read === undefined) return;
  Deno.test(`${name}: reads from where the bytes lie`, async () => {
    const source = sourceOf(await codec.stringify(small));
    assert.ok(isCarried(await codec.read!(source), small));
  });
}

function testDamage(name: string, codec: Codec, small: Value, runs: number): void {
  const sample = async () => await codec.stringify(small);
  const survives = async (damaged: Uint8Array) => {
    const start = performance.now();
    try {
      assert.ok(isValue(await codec.parse(damaged)), "what is read is a Value");
    } catch (error) {
      assert.ok(error instanceof SyntaxError || error instanceof RangeError, `${error}`);
      assert.match(error.message, /^Cannot read /);
    }
    assert.ok(performance.now() - start < 20_000, "reads in bounded time");
  };
  Deno.test(`${name}: survives truncation`, async () => {
    const bytes = await sample();
    const step = Math.ceil(bytes.length / (2000 * runs));
    for (let length = 0; length < bytes.length; length++) {
      const isNearAnEnd = Math.min(length, bytes.length - 1 - length) < 40;
      if (isNearAnEnd || length % step === 0) await survives(bytes.slice(0, length));
    }
  });
  Deno.test(`${name}: survives flipped bytes`, async () => {
    const bytes = await sample();
    const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(flips, async (flips) => {
        const damaged = bytes.slice();
        for (const [at, mask] of flips) damaged[at]! ^= mask;
        await survives(damaged);
      }),
      { numRuns: Math.ceil(500 * runs) },
    );
  });
  Deno.test(`${name}: survives noise`, async () => {
    const noise = fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), survives);
    await fc.assert(noise, { numRuns: Math.ceil(200 * runs) });
  });
}

function smallSample(codec: Codec): Value {
  const array = new NDArray("float32", [2, 2], [1, -0, NaN, Infinity]);
  if (codec.holds === "array") return array;
  if (codec.holds === "rows") return trickyRows().numbers!;
  const arrays = { b: new NDArray("bool", [3], [1, 0, 1]), é: array, n: new NDArray("int64", [], [1n]) };
  return codec.holds === "arrays" ? arrays : { arrays, list: [1, "two\n", null, -Infinity], "$x": { $x: 2n ** 63n } };
}

function trickyValues(): Record<string, Value> {
  return {
    "null": null,
    "numbers": [0, -0, NaN, Infinity, -Infinity, 2 ** 63, 2 ** 53 + 2, 1e-7, 5e-324, 1.7976931348623157e308, 0.1, 1e21],
    "int64 limits": [2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n, 0n],
    "undefined, dates, booleans": [undefined, new Date(0), new Date(-1), true, false],
    "empty things": { list: [], record: {}, text: "", "": "", nested: [[], [{}], [[]]] },
    "Unicode": { "é字🎉": "é字🎉", "\u0000\u001f\u007f\u0085\u2028\ufeff": "\u0000\u2029\ufeff", "\ud800": "\udfff" },
    "text that looks like something else": words(),
    "keys that look like something else": Object.fromEntries(words().map((word, i) => [word, i])),
    "__proto__": JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2, "toString": {"__proto__": null}}'),
    "$ keys": [{ $x: 1 }, { $number: "NaN" }, { $record: { $x: 1, y: NaN } }, { $number: NaN }, { $a: 1, $b: -0 }],
    "deep nesting": Array.from({ length: 200 }).reduce<Value>((inner) => ({ a: [inner] }), "deep"),
    "long text": ["x ".repeat(1000), "line\n".repeat(50), " \n\n lead", "trail \n ", "\t\n"],
    "arrays": trickyArrays(),
  };
}

const words = (): string[] => [
  ..."- ? : * & ! % @ ` # | > ' \" [ ] { } , = ~ << --- ... null true yes No on y 0x10 0o7 017 0b1 1_000 1:20 .nan -.inf"
    .split(" "),
  ..."+1 1. .5 1e3 -0 -0.0 2001-01-01 !!str *x &x $number NaN".split(" "),
  "a: b",
  "a #b",
  " lead",
  "trail ",
  "k".repeat(1100),
];

function trickyArrays(): Record<string, Record<string, NDArray>> {
  const every = Object.keys(arrayTypes) as DType[];
  const floats = [NaN, Infinity, -Infinity, -0, 5e-324, 2 ** 63];
  return {
    "every dtype": Object.fromEntries(every.map((dtype) => [dtype, new NDArray(dtype, [2, 0])])),
    "empty and 0-d": Object.fromEntries(every.map((dtype) => [`scalar ${dtype}`, new NDArray(dtype, [])])),
    "odd sizes": { a: new NDArray("uint8", [3], [1, 2, 3]), b: new NDArray("float64", [1], [1]) },
    "many dimensions": { rank: new NDArray("int16", [1, 2, 1, 3, 1], [1, 2, 3, 4, 5, -32768]) },
    "float limits": {
      f64: new NDArray("float64", [6], floats),
      f32: new NDArray("float32", [6], floats),
      f16: new NDArray("float16", [6], floats),
      payload: new NDArray("float32", [2], new Float32Array(new Uint32Array([0x7f800001, 0xffc12345]).buffer)),
    },
    "int64 limits": {
      i64: new NDArray("int64", [2], [2n ** 63n - 1n, -(2n ** 63n)]),
      u64: new NDArray("uint64", [1], [2n ** 64n - 1n]),
    },
    "tricky names": Object.fromEntries(
      ["", "é字🎉", "__proto__", "constructor", "$x", "$number", "a.b/c", "x.npy", "1", " "].map((name, i) => [
        name,
        new NDArray("int8", [1], [i]),
      ]),
    ),
    "no arrays": {},
  };
}

function anyArray(): fc.Arbitrary<NDArray> {
  const dtypes = Object.keys(arrayTypes).filter((dtype) => dtype !== "bool") as DType[];
  const shapes = fc.array(fc.nat(4), { maxLength: 3 });
  return fc.tuple(fc.constantFrom(...dtypes), shapes).chain(([dtype, shape]) => {
    const length = sizeOf(shape) * arrayTypes[dtype].BYTES_PER_ELEMENT;
    return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) =>
      new NDArray(dtype, shape, new arrayTypes[dtype](bytes.slice().buffer))
    );
  });
}

function anyValue(): fc.Arbitrary<Value> {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string(), fc.constantFrom("$number", "$record", "__proto__"));
  const leaf = fc.oneof(fc.double(), fc.integer(), text, fc.boolean(), fc.bigInt(), fc.constant(null), anyArray());
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(text, tie("value"), { maxKeys: 4 }),
    ),
  }));
  return value.map((value) => isNDArray(value) ? value.clone() : value);
}

function trickyRows(): Record<string, Value> {
  return {
    "numbers": [{ a: 1, b: -0.5 }, { a: 2 ** 53, b: 1e-7 }, { a: -3, b: 5e-324 }],
    "NaN and infinities": [{ x: NaN }, { x: Infinity }, { x: -Infinity }, { x: 0.1 }],
    "text": words().filter((word) => word !== "").map((word, i) => ({ i, word: `x${word}` })),
    "Unicode, quotes, newlines": [{ "é字🎉": 'a "b",c\n d\r\n' }, { "é字🎉": "é字🎉" }],
    "text that looks like something else": ["", "true", "7", "nan", ...words()].map((word) => ({ word, other: word })),
    "whole numbers of 64 bits": [{ a: 2n ** 63n - 1n }, { a: -(2n ** 63n) }, { a: 7 }, { a: 2 ** 53 }],
    "dates": [{ when: new Date(0) }, { when: new Date(-1) }, { when: null }, { when: new Date(4e12) }],
    "booleans and absent cells": [{ b: true, n: null }, { b: false, n: 1.5 }],
  };
}

function anyRows(): fc.Arbitrary<Value> {
  const row = fc.record({
    n: fc.double({ noDefaultInfinity: false }),
    t: fc.string({ minLength: 1 }).map((t) => `x${t}`),
  });
  return fc.array(row, { minLength: 1, maxLength: 5 });
}

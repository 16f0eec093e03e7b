import assert from "node:assert/strict";
import fc from "fast-check";
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

/** The laws of every codec: what goes in comes out, and bad bytes give an error or a value, soon. */
export function testCodec(name: string, codec: Codec): void {
  const roundTrip = async (value: Value) => {
    const bytes = await codec.stringify(value);
    const read = await codec.parse(bytes);
    assert.ok(equalValues(read, value), `${name}: ${Deno.inspect(read)} instead of ${Deno.inspect(value)}`);
    assert.deepEqual(await codec.stringify(read), bytes, "the same value gives the same bytes");
    return bytes;
  };
  for (const [what, value] of Object.entries(samples[codec.holds]())) {
    Deno.test(`${name}: carries ${what}`, async () => void await roundTrip(value));
  }
  Deno.test(`${name}: carries any value`, async () => {
    const carries = fc.asyncProperty(generators[codec.holds](), async (value) => void await roundTrip(value));
    await fc.assert(carries, { numRuns: 200 });
  });
  testRefusals(name, codec);
  testDamage(name, codec);
}

function testRefusals(name: string, codec: Codec): void {
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
    const value = smallSample(codec);
    const bytes = await codec.stringify(value);
    for (let offset = 1; offset < 9; offset++) {
      const larger = new Uint8Array(bytes.length + 20).fill(255);
      larger.set(bytes, offset);
      assert.ok(equalValues(await codec.parse(larger.subarray(offset, offset + bytes.length)), value));
    }
  });
  Deno.test(`${name}: what it reads doesn't share the bytes`, async () => {
    const value = smallSample(codec);
    const bytes = await codec.stringify(value);
    const read = await codec.parse(bytes);
    bytes.fill(0);
    assert.ok(equalValues(read, value));
  });
}

function testDamage(name: string, codec: Codec): void {
  const sample = async () => await codec.stringify(smallSample(codec));
  const survives = async (damaged: Uint8Array) => {
    const start = performance.now();
    try {
      assert.ok(isValue(await codec.parse(damaged)), "what is read is a Value");
    } catch (error) {
      assert.ok(error instanceof SyntaxError || error instanceof RangeError, `${error}`);
      assert.match(error.message, /^Cannot read /);
    }
    assert.ok(performance.now() - start < 2000, "reads in bounded time");
  };
  Deno.test(`${name}: survives truncation at every length`, async () => {
    const bytes = await sample();
    for (let length = 0; length < bytes.length; length++) await survives(bytes.slice(0, length));
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
      { numRuns: 500 },
    );
  });
  Deno.test(`${name}: survives noise`, async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), survives), { numRuns: 200 });
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

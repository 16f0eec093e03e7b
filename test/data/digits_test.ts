import assert from "node:assert/strict";
import { Digits } from "../../src/data/digits.ts";
import { digitsFile, parse } from "../../src/data/digits_file.ts";
import { testDataset } from "./dataset_contract.ts";

testDataset("Digits", () => new Digits());
testDataset("Digits of some classes", () => new Digits({ split: "test", classes: [3, 8] }));

/** How many items of each class. */
function counts(digits: Digits): number[] {
  const found = new Array(10).fill(0);
  for (let i = 0; i < digits.size; i++) found[digits.get(i).target as number]++;
  return found;
}

Deno.test("Digits: every digit, in every split", () => {
  assert.deepEqual(counts(new Digits({ split: "all" })), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  assert.deepEqual(counts(new Digits({ split: "test" })), [35, 36, 35, 36, 36, 36, 36, 35, 34, 36]);
  assert.deepEqual(counts(new Digits()), [143, 146, 142, 147, 145, 146, 145, 144, 140, 144]);
});

Deno.test("Digits: train and test are all, and share nothing", () => {
  const images = (split: "train" | "test" | "all") => {
    const digits = new Digits({ split });
    return Array.from({ length: digits.size }, (_, i) => `${digits.get(i).input.data} ${digits.get(i).target}`);
  };
  const [train, test, all] = [images("train"), images("test"), images("all")];
  assert.deepEqual([...train, ...test].sort(), all.sort());
  assert.equal(new Set(all).size, 1797, "no image is in it twice");
});

Deno.test("Digits: with classes, only those, under their own numbers", () => {
  const digits = new Digits({ split: "all", classes: [7, 2] });
  assert.deepEqual(counts(digits), [0, 0, 177, 0, 0, 0, 0, 179, 0, 0]);
  assert.equal(digits.description.target.classes, 10);
});

Deno.test("Digits: the first image is a 0, from 0 to 1", () => {
  const { input, target } = new Digits()(0);
  assert.equal(target, 0);
  assert.deepEqual([...input.data.slice(0, 8)].map((pixel) => Number(pixel) * 16), [0, 0, 5, 13, 9, 1, 0, 0]);
  assert.equal(Math.max(...digitsFile().input.data as Float32Array), 1);
});

Deno.test("Digits: a damaged file is refused", () => {
  assert.throws(
    () => parse(new Uint8Array([1, 2, 3])),
    /^SyntaxError: Cannot read digits.csv.gz: its sha256 is 039058c6/,
  );
});

Deno.test("Digits: says what is wrong with its options", () => {
  assert.throws(() => new Digits({ split: "tset" as never }), /^TypeError: Cannot configure Digits: split: .*"tset"/);
  assert.throws(() => new Digits({ classes: [10] }), /^TypeError: Cannot configure Digits: classes\.0: .*found 10/);
  assert.throws(() => new Digits({ classes: [] }), /^TypeError: Cannot configure Digits: classes/);
});

import assert from "node:assert/strict";
import "../../src/codec/codecs.ts";
import { readValue, writeValue } from "../../src/module/file.ts";
import { codecFor } from "../../src/module/codec.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { equalValues, type Value } from "../../src/module/value.ts";
import { inFolder } from "../codec/temporary.ts";

const array = (...numbers: number[]) => new NDArray("float64", [numbers.length], numbers);

const awkward: Record<string, Value> = {
  "a root array": array(1, 2),
  "a scalar": 3,
  "paths that meet": { a: { b: array(1) }, "a.b": array(2), "": array(3), __value__: array(4) },
  "names of Object's": JSON.parse('{"__proto__": 1, "constructor": 2}'),
  "arrays under names of Object's": { constructor: array(1), toString: [array(2)] },
  "records that look like references": [{ $array: "a" }, { $ndarray: "b" }, { $record: { $x: array(1) } }, array(5)],
  "values between": { when: new Date(5), big: 1n, none: undefined, list: [NaN, -0, array(6), null] },
};

for (const extension of ["npz", "safetensors"]) {
  for (const [what, value] of Object.entries(awkward)) {
    Deno.test(`file: an archive .${extension} carries ${what}`, () =>
      inFolder(async (folder) => {
        await writeValue(`${folder}/x.${extension}`, value);
        const read = await readValue(`${folder}/x.${extension}`);
        assert.ok(equalValues(read, value), `${Deno.inspect(read)} instead of ${Deno.inspect(value)}`);
      }));
  }
}

Deno.test("file: an archive names its arrays by their paths, the same array once", () =>
  inFolder(async (folder) => {
    const shared = array(1);
    await writeValue(`${folder}/x.npz`, { net: { kernel: shared, again: shared, list: [array(2)] }, step: 1 });
    const codec = await codecFor("x.npz");
    const arrays = await codec.parse(await Deno.readFile(`${folder}/x.npz`)) as Record<string, NDArray>;
    assert.deepEqual(Object.keys(arrays).sort(), ["__value__", "net.kernel", "net.list.0"]);
  }));

Deno.test("file: an archive that lacks an array says which", () =>
  inFolder(async (folder) => {
    const codec = await codecFor("x.npz");
    await writeValue(`${folder}/x.npz`, { a: array(1), b: array(2) });
    const { b: _, ...rest } = await codec.parse(await Deno.readFile(`${folder}/x.npz`)) as Record<string, NDArray>;
    await Deno.writeFile(`${folder}/x.npz`, await codec.stringify(rest));
    await assert.rejects(readValue(`${folder}/x.npz`), {
      name: "SyntaxError",
      message: `Cannot read "${folder}/x.npz" as an archive: its array "b" is missing`,
    });
  }));

Deno.test("file: a value that can't be written leaves the old file", () =>
  inFolder(async (folder) => {
    await writeValue(`${folder}/x.json`, { a: 1 });
    await assert.rejects(writeValue(`${folder}/x.json`, { a: new Map() } as unknown as Value), /"a" is a Map/);
    assert.deepEqual(await readValue(new URL(`file://${folder}/x.json`)), { a: 1 });
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["x.json"]);
  }));

Deno.test("file: one that is not there is named", async () => {
  await assert.rejects(readValue("no/such.yaml"), {
    message: 'Cannot read "no/such.yaml": there is no such file; check the path',
    code: "ENOENT",
  });
});

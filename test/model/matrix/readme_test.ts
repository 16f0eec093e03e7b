import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { criteria } from "../../../src/model/criteria.ts";
import { cells } from "../../../src/model/layer_rules.ts";
import { layerOptions } from "../../../src/model/layer_options.ts";
import { metrics } from "../../../src/model/metrics.ts";
import { optimizers } from "../../../src/model/optimizers.ts";
import { examine, marks, readTable, tableOf, withTable } from "./table.ts";

const layers = Object.keys(layerOptions).filter((name) => !cells.includes(name));
const named = [...layers, ...[criteria, optimizers, metrics].flatMap((all) => Object.keys(all))];
const readme = await Deno.readTextFile(new URL("../../../README.md", import.meta.url));

for (const backend of ["wasm", "cpu"]) {
  Deno.test(`matrix: the README's column for ${backend} is what is found`, async () => {
    assert.ok(readme.includes(marks[0]) && readme.includes(marks[1]), "the README has no place for the matrix");
    await resolveBackend(backend);
    const [found, told] = [await examine(), readTable(readme)[backend]!];
    assert.deepEqual(Object.fromEntries(told), Object.fromEntries(found), "run `deno task matrix --update`");
  });
}

Deno.test("matrix: a table is read back, and a backend that isn't there keeps what was found last", () => {
  const [ok, wrong] = [new Map([["dense", "ok"]]), new Map([["dense", "wrong values"]])];
  const first = withTable(`before\n${marks.join("\n")}\nafter`, tableOf({ wasm: ok, native: wrong }));
  const second = withTable(first, tableOf({ wasm: wrong }, first));
  const { wasm, native, webgpu } = readTable(second);
  assert.deepEqual([wasm!.get("dense"), native!.get("dense"), webgpu!.size], ["wrong values", "wrong values", 0]);
  assert.match(second, /^before\n[^]*\nafter$/);
  assert.throws(() => withTable("nothing", ""), /Cannot put the matrix into the text/);
});

Deno.test("matrix: every layer, loss, optimizer and metric has a row", () => {
  const rows = new Set([...tableOf({}).matchAll(/^\| (\w+) +\|/gm)].map(([, row]) => row));
  for (const name of named) assert.ok(rows.has(name), `${name} is missing`);
});

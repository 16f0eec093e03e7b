import assert from "node:assert/strict";
import { csv, tsv } from "../../src/codec/csv.ts";
import { sourceOf } from "../../src/module/byte_source.ts";
import type { Value } from "../../src/module/value.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => csv.parse(bytes(text));

Deno.test("csv: a file that is separated by something else is told as one, not read as one column", async () => {
  for (
    const [codec, text, found] of [
      [csv, "a;b\n1,5;2\n", "semicolons, not by commas"],
      [csv, "\ufeffa\tb\r\n1\t2\r\n", "tabs, not by commas"],
      [csv, "a|b", "bars, not by commas"],
      [tsv, "a,b\n1,2\n", "commas, not by tabs"],
    ] as const
  ) {
    const expected = new RegExp(`^SyntaxError: Cannot read csv: the first line, .*, is separated by ${found}; save it`);
    assert.throws(() => codec.parse(bytes(text)), expected);
    const blocks = codec.blocks!(sourceOf(bytes(text)))[Symbol.asyncIterator]();
    await assert.rejects(async () => await blocks.next(), expected);
  }
  assert.deepEqual(await read('"a;b"\n1\n'), [{ "a;b": 1 }]);
  const long = `${";".repeat(2 ** 22)},`; // to look at it again and again would take for ever
  assert.deepEqual(await read(`${long}\n`), []);
});

Deno.test("csv: one column of any name comes back, of commas and of tabs", async () => {
  for (const name of ["a;b", "a,b", "a\tb", "a|b", ";", "a b", ""]) {
    const rows: Value = [{ [name]: 1 }];
    for (const codec of [csv, tsv]) assert.deepEqual(await codec.parse(await codec.stringify(rows)), rows, name);
  }
});

Deno.test("csv: what people's files hold: marks, line ends, empty cells, zeros in front, words that look like numbers", async () => {
  assert.deepEqual(await read('\ufeff"a",b\r\n"x\r\ny",\r\n,2'), [{ a: "x\r\ny", b: null }, { a: null, b: 2 }]);
  const cells = ["007", "0", "+5", "0x10", "1_000", "1e5", ".5", "5.", "NA", "inf", "1,000", "123456789012345678901"];
  const found = await read(`a\n${cells.map((cell) => cell.includes(",") ? `"${cell}"` : cell).join("\n")}\n`);
  const values = ["007", 0, "+5", "0x10", "1_000", 1e5, 0.5, 5, "NA", Infinity, "1,000", 123456789012345678901n];
  assert.deepEqual(found, values.map((a) => ({ a })));
  assert.throws(() => read("a,b\n1\n"), /line 2 has 1 cells, the first line has 2 names/);
});

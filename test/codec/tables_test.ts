import assert from "node:assert/strict";
import { arrow, readColumns as arrowColumns } from "../../src/codec/arrow.ts";
import { csv, tsv } from "../../src/codec/csv.ts";
import { parquet, readColumns, readRows } from "../../src/codec/parquet.ts";
import { openFile, sourceOf } from "../../src/module/byte_source.ts";
import type { Codec } from "../../src/module/codec.ts";
import { arrayTypes, type DType, isNDArray, NDArray } from "../../src/module/ndarray.ts";
import { equalValues, type Value } from "../../src/module/value.ts";
import { runPython } from "../python.ts";
import { removeAtEnd } from "../remove_at_end.ts";

type Rows = Record<string, Value>[];
const folder = await Deno.makeTempDir();
addEventListener("unload", () => removeAtEnd(folder));
const bytes = (name: string) => Deno.readFile(`${folder}/${name}`);
const array = (dtype: DType, shape: number[], data: number[] | bigint[]) => new NDArray(dtype, shape, data as number[]);

/** What breaks things, column by column; Python makes the same. */
const hard: Rows = [
  {
    f: 1.5,
    nan: NaN,
    i: 1,
    big: 2n ** 63n - 1n,
    u: 2n ** 64n - 1n,
    t: "é字🎉",
    b: true,
    d: new Date("2020-01-01T00:00:00.500Z"),
    l: array("float64", [2], [1, NaN]),
    ll: array("int64", [2, 2], [1n, 2n, 3n, 4n]),
    y: array("uint8", [2], [0, 255]),
    h: 0.5,
    none: null,
  },
  {
    f: null,
    nan: -Infinity,
    i: -5,
    big: -(2n ** 63n),
    u: 0,
    t: null,
    b: null,
    d: null,
    l: array("float64", [0], []),
    ll: null,
    y: array("uint8", [0], []),
    h: -0,
    none: null,
  },
  {
    f: -0,
    nan: 5e-324,
    i: 7,
    big: 9,
    u: 2 ** 53,
    t: "",
    b: false,
    d: new Date(-1),
    l: null,
    ll: array("int64", [1, 1], [5n]),
    y: null,
    h: Infinity,
    none: null,
  },
];

const makes = `
import sys, datetime as dt, numpy as np, pandas as pd, pyarrow as pa, pyarrow.parquet as pq, pyarrow.feather as fe
folder = sys.argv[1]; utc = dt.timezone.utc
t = pa.table({
    "f": pa.array([1.5, None, -0.0]), "nan": [float("nan"), float("-inf"), 5e-324], "i": pa.array([1, -5, 7], pa.int8()),
    "big": pa.array([2**63 - 1, -2**63, 9]), "u": pa.array([2**64 - 1, 0, 2**53], pa.uint64()), "t": ["é字🎉", None, ""],
    "b": [True, None, False], "d": pa.array([dt.datetime(2020, 1, 1, 0, 0, 0, 500000, utc), None, dt.datetime(1969, 12, 31, 23, 59, 59, 999000, utc)]),
    "l": [[1.0, float("nan")], [], None], "ll": [[[1, 2], [3, 4]], None, [[5]]], "y": [b"\\x00\\xff", b"", None],
    "h": pa.array(np.array([0.5, -0.0, np.inf], "f2")), "none": pa.nulls(3)})
for c in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    pq.write_table(t, f"{folder}/{c}.parquet", compression=c, data_page_version="2.0" if c == "zstd" else "1.0", use_dictionary=c != "gzip")
pq.write_table(t, folder + "/groups.parquet", row_group_size=1)
for c in ["uncompressed", "lz4", "zstd"]: fe.write_feather(t, f"{folder}/{c}.feather", compression=c)
n = 100_000
big = pa.table({"x": np.arange(n) / 7, "i": pa.array([None if k % 10 == 0 else k for k in range(n)]), "s": [f"item {k % 97}" for k in range(n)],
    "e": np.arange(n) % 5, "w": np.arange(n, dtype="f4")})
pq.write_table(big, folder + "/big.parquet", row_group_size=30_000)
pq.write_table(big.select(["x", "e", "s"]), folder + "/encoded.parquet", use_dictionary=False,
    column_encoding={"x": "BYTE_STREAM_SPLIT", "e": "DELTA_BINARY_PACKED", "s": "DELTA_BYTE_ARRAY"})
fe.write_feather(big, folder + "/big.feather")
pd.DataFrame({"n": [1, 2**62, -3], "x": [0.1, np.nan, np.inf], "t": ["a,b", 'say "hi"', "two\\nlines"], "b": [True, False, True],
    "id": ["007", "nan?", ""]}).to_csv(folder + "/pandas.csv", index=False)
pd.DataFrame({"a": [1]}).to_csv(folder + "/index.csv", encoding="utf-8-sig")
`;

Deno.test("tables: what pyarrow and pandas write is read", async () => {
  await runPython(makes, folder);
  for (const name of ["none", "snappy", "gzip", "brotli", "zstd", "lz4", "groups"]) {
    const found = await parquet.parse(await bytes(`${name}.parquet`));
    assert.ok(equalValues(found, hard), `${name}: ${Deno.inspect(found)}`);
  }
  for (const name of ["uncompressed", "lz4", "zstd"]) {
    const found = await arrow.parse(await bytes(`${name}.feather`));
    assert.ok(equalValues(found, hard), `${name}: ${Deno.inspect(found)}`);
  }
  assert.deepEqual(
    await csv.parse(await bytes("pandas.csv")),
    [
      { n: 1, x: 0.1, t: "a,b", b: true, id: "007" },
      { n: 2n ** 62n, x: null, t: 'say "hi"', b: false, id: "nan?" },
      { n: -3, x: Infinity, t: "two\nlines", b: true, id: "" },
    ].map((row, i) => i === 2 ? { ...row, id: null } : row),
  );
  assert.deepEqual(await csv.parse(await bytes("index.csv")), [{ "": 0, a: 1 }]);
});

Deno.test("tables: what is written, pyarrow and pandas read", async () => {
  await Deno.writeFile(`${folder}/ours.parquet`, await parquet.stringify(hard));
  await Deno.writeFile(`${folder}/ours.arrow`, await arrow.stringify(hard));
  const columns = Object.fromEntries(
    (Object.keys(arrayTypes) as DType[]).map((d) => [d, new NDArray(d, [3, 2]).reshape([6])]),
  );
  const wide = { ...columns, pair: array("float32", [6, 2], [...Array(12).keys()]) };
  await Deno.writeFile(`${folder}/columns.parquet`, await parquet.stringify(wide));
  await Deno.writeFile(`${folder}/columns.arrow`, await arrow.stringify(wide));
  const cells = hard.map(({ f, nan, i, big, t, b }) => ({ f, nan, i, big, t, b }));
  await Deno.writeFile(`${folder}/ours.csv`, await csv.stringify(cells));
  await Deno.writeFile(`${folder}/ours.tsv`, await tsv.stringify(cells));
  const said = await runPython(
    `
import sys, numpy as np, pandas as pd, pyarrow as pa, pyarrow.parquet as pq, pyarrow.feather as fe
folder = sys.argv[1]
def same(a, b):
    if isinstance(a, list): return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float): return isinstance(b, float) and (a == b and str(a) == str(b) or a != a and b != b)
    return a == b
a = pq.read_table(folder + "/none.parquet").to_pydict()
for t in [pq.read_table(folder + "/ours.parquet"), fe.read_table(folder + "/ours.arrow")]:
    b = t.to_pydict()
    assert list(a) == list(b)
    for k in a: assert same(a[k], b[k]), (k, a[k], b[k], t.schema)
    t.validate(full=True)
for t in [pq.read_table(folder + "/columns.parquet"), fe.read_table(folder + "/columns.arrow")]:
    for f in t.schema:
        if f.name != "pair": assert str(f.type).replace("halffloat", "float16").replace("float", "float").replace("double", "float64") in [f.name, "float"], f
    assert t["pair"].to_pylist()[5] == [10.0, 11.0]
for f, sep in [("csv", ","), ("tsv", "\\t")]:
    d = pd.read_csv(folder + "/ours." + f, sep=sep, keep_default_na=True)
    assert d.big.tolist() == [2**63 - 1, -2**63, 9] and d.nan[1] == -np.inf and np.isnan(d.f[1]) and d.t[0] == "é字🎉" and d.b[0] == True
print("same")
`,
    folder,
  );
  assert.equal(said.trim(), "same");
});

Deno.test("tables: lists and records in each other are the same in parquet and Arrow", async () => {
  await runPython(
    `
import sys, pyarrow as pa, pyarrow.parquet as pq, pyarrow.feather as fe
t = pa.table({
    "records": pa.array([[{"x": 1}], []]),
    "inside": pa.array([{"l": [1, 2], "m": [[1.5, 2.5], [3.5, 4.5]]}, {"l": [], "m": None}], pa.struct([("l", pa.list_(pa.int32())), ("m", pa.list_(pa.list_(pa.float32())))])),
    "deep": pa.array([[{"s": {"b": [True, False]}}], [{"s": None}, None]]),
    "lists": pa.array([[[1, 2], [3, 4]], []]),
    "gaps": pa.array([{"l": [1, None]}, {"l": [2**60]}]),
    "texts": pa.array([{"t": ["a"]}, {"t": []}]),
})
pq.write_table(t, sys.argv[1] + "/inside.parquet")
fe.write_feather(t, sys.argv[1] + "/inside.feather", compression="uncompressed")
`,
    folder,
  );
  const rows: Value = [
    {
      records: [{ x: 1 }],
      inside: { l: array("int32", [2], [1, 2]), m: array("float32", [2, 2], [1.5, 2.5, 3.5, 4.5]) },
      deep: [{ s: { b: array("bool", [2], [1, 0]) } }],
      lists: new NDArray("int64", [2, 2], BigInt64Array.of(1n, 2n, 3n, 4n)),
      gaps: { l: [1, null] },
      texts: { t: ["a"] },
    },
    {
      records: [],
      inside: { l: array("int32", [0], []), m: null },
      deep: [{ s: null }, null],
      lists: [],
      gaps: { l: new NDArray("int64", [1], BigInt64Array.of(2n ** 60n)) },
      texts: { t: [] },
    },
  ];
  for (
    const found of [
      await parquet.parse(await bytes("inside.parquet")),
      await arrow.parse(await bytes("inside.feather")),
    ]
  ) {
    assert.ok(equalValues(found, rows), Deno.inspect(found, { depth: 9 }));
  }
});

Deno.test("tables: by columns, numbers as arrays", async () => {
  const source = await openFile(`${folder}/big.parquet`);
  const { x, i, s, w } = await readColumns(source);
  assert.ok(isNDArray(x) && isNDArray(i) && isNDArray(w) && Array.isArray(s));
  assert.deepEqual([x.dtype, x.shape, x.data[70_000]], ["float64", [100_000], 10_000]);
  assert.deepEqual(
    [i.dtype, i.data[0], i.data[99_999]],
    ["float64", NaN, 99_999],
    "whole numbers some of which are missing",
  );
  assert.deepEqual([w.dtype, w.data[3], s[98]], ["float32", 3, "item 1"]);
  assert.deepEqual(Object.keys(await readColumns(source, { only: ["e", "x"] })), ["x", "e"]);
  assert.deepEqual(((await readRows(source, { maxCells: 1e6, only: ["s"] })) as Rows)[1], { s: "item 1" });
  await source.close();
  const found = await arrowColumns(sourceOf(await bytes("big.feather")), ["x"]);
  assert.deepEqual([Object.keys(found), (found.x as NDArray).data[70_000]], [["x"], 10_000]);
  const encoded = await readColumns(sourceOf(await bytes("encoded.parquet")));
  assert.deepEqual([
    (encoded.x as NDArray).data[7],
    (encoded.e as NDArray).data[99_999],
    (encoded.s as Value[])[99_999],
  ], [1, 4n, "item 89"]);
});

Deno.test("tables: 100 MB there and back", async () => {
  const columns = Object.fromEntries(
    [..."abcdefghij"].map((name, i) => {
      return [
        name,
        new NDArray("float64", [1_250_000], Float64Array.from({ length: 1_250_000 }, (_, row) => row / (i + 1))),
      ];
    }),
  );
  await Deno.writeFile(`${folder}/100.parquet`, await parquet.stringify(columns));
  await Deno.writeFile(`${folder}/100.arrow`, await arrow.stringify(columns));
  for (const [codec, name] of [[parquet, "100.parquet"], [arrow, "100.arrow"]] as const) {
    const source = await openFile(`${folder}/${name}`);
    const found = await codec.columns!(source);
    await source.close();
    for (const [key, array] of Object.entries(columns)) assert.ok(array.equals(found[key]), `${name}: ${key}`);
  }
  const said = await runPython(
    `
import sys, numpy as np, pyarrow.parquet as pq, pyarrow.feather as fe
a, b = pq.read_table(sys.argv[1] + "/100.parquet"), fe.read_table(sys.argv[1] + "/100.arrow")
print(all(np.array_equal(t[c].to_numpy(), np.arange(1_250_000) / (i + 1)) for t in [a, b] for i, c in enumerate("abcdefghij")))`,
    folder,
  );
  assert.equal(said.trim(), "True");
});

for (const [name, codec] of Object.entries({ csv, tsv, parquet, arrow } as Record<string, Codec>)) {
  Deno.test(`tables: .${name} in blocks is the table`, async () => {
    const rows = Array.from(
      { length: 1000 },
      (_, i) => ({ i, t: `"${i}",\n\t`, x: i % 7 ? i / 7 : null, "é": i % 2 === 0 }),
    );
    const source = sourceOf(await codec.stringify(rows));
    for (const size of [1, 7, 1000, 5000]) {
      const found: Rows = [];
      for await (const block of codec.blocks!(source, { rows: size }) as AsyncIterable<Rows>) {
        assert.ok(block.length <= size);
        found.push(...block);
      }
      assert.ok(equalValues(found, rows), `${size}`);
    }
    const [first] = await Array.fromAsync(codec.blocks!(source, { only: ["x", "i"] })) as [Rows];
    assert.deepEqual(Object.keys(first![0]!).sort(), ["i", "x"]);
    assert.deepEqual(await Array.fromAsync(codec.blocks!(sourceOf(await codec.stringify([])))), []);
  });

  Deno.test(`tables: .${name} refuses what a table lacks, before anything is written`, async () => {
    const stringify = async (value: unknown) => await codec.stringify(value as Value);
    for (
      const [value, message] of [
        [{ a: 1 }, /: "a" is a number; it holds a table/],
        [[1], /: row 0 is a number; it holds a table, a list of flat records/],
        [[{ a: { b: 1 } }], /: "a" of row 0 is an Object; a cell holds/],
        [[{ a: [1] }], /: "a" of row 0 is an Array; a cell holds/],
        [[{ a: new Date(NaN) }], /"a" of row 0 is an invalid Date/],
        [[{ a: "\ud800" }], /"a" of row 0 is text with half a character/],
        [{ a: [1, 2], b: [1] }, /"b" has 1 rows, "a" 2; make the columns equally long/],
        [[{}], /its rows are empty/],
      ] as const
    ) {
      await assert.rejects(
        stringify(value),
        (error: Error) => /^Cannot write (csv|parquet|arrow): /.test(error.message) && message.test(error.message),
      );
    }
    const kinds = [[{ a: 1 }, { a: "x" }], [{ a: 2n ** 64n }], [{ a: 1.5 }, { a: 2n }], [{
      a: array("int8", [], [1]),
    }]];
    if (name.endsWith("sv")) {
      await assert.rejects(stringify(kinds[3]), /"a" of row 0 is an NDArray; a cell is one value/);
    } else {for (const rows of kinds) {
        await assert.rejects(stringify(rows), /^\w+: Cannot write (parquet|arrow): column "a" holds /);
      }}
  });
}

Deno.test("tables: csv as people write it, and errors by line", async () => {
  const parse = async (text: string) => await csv.parse(new TextEncoder().encode(text));
  assert.deepEqual(await parse('\ufeffa,b\r\n1,"x\r\ny"\r\n\r\n-0.5e3,\r\n'), [{ a: 1, b: "x\r\ny" }, {
    a: -500,
    b: null,
  }]);
  assert.deepEqual(await parse("a\n\n1\n"), [{ a: null }, { a: 1 }], "an empty line is a row of a single column");
  assert.deepEqual(await parse("1,true\n01,+1\n"), [{ 1: "01", true: "+1" }], "names are text");
  assert.deepEqual(await parse("a\n2020-01-01T00:00:00Z\n2020-13-01T00:00:00Z"), [{ a: new Date(1577836800000) }, {
    a: "2020-13-01T00:00:00Z",
  }]);
  assert.deepEqual(Object.keys((await parse("__proto__,a\n1,2") as Rows)[0]!), ["__proto__", "a"]);
  await assert.rejects(
    parse("a,b\n1,2\n3\n"),
    /^SyntaxError: Cannot read csv: line 3 has 1 cells, the first line has 2 names/,
  );
  await assert.rejects(parse("a,a\n1,2\n"), /the first line names "a" twice/);
  await assert.rejects(parse('a\n"open\n'), /^SyntaxError: Cannot read csv: Quote Not Closed/);
  await assert.rejects(
    parse(`a\n1${"0".repeat(100)}x"y\n`),
    /^SyntaxError: Cannot read csv: Invalid Opening Quote.*line 2/,
  );
  assert.equal((await parse(`a\n${"9".repeat(2000)}`) as Rows)[0]!.a, "9".repeat(2000), "no number of so many digits");
});

// What such files cost in memory is measured by hostile_test.ts, in a process of its own.
Deno.test("tables: lying and hostile parquet and arrow files are refused", async () => {
  // Fifty million rows of nothing, in a small file.
  await runPython(
    `import sys, pyarrow as pa, pyarrow.parquet as pq, pyarrow.feather as fe, numpy as np
t = pa.table({"a": pa.array(np.zeros(50_000_000, "i4")), "n": pa.nulls(50_000_000)})
pq.write_table(t, sys.argv[1] + "/bomb.parquet", compression="zstd")
fe.write_feather(t, sys.argv[1] + "/bomb.feather", compression="zstd")`,
    folder,
  );
  const bomb = await bytes("bomb.parquet");
  assert.ok(bomb.length < 700_000, `${bomb.length}`);
  await assert.rejects(
    async () => await parquet.parse(bomb),
    /^RangeError: Cannot read parquet: it has 50000000 rows, too many at once; read it in blocks/,
  );
  await assert.rejects(async () => await arrow.parse(await bytes("bomb.feather")), /^RangeError: Cannot read arrow: /);
  let rows = 0;
  for await (const block of parquet.blocks!(sourceOf(bomb), { only: ["a"] }) as AsyncIterable<Rows>) {
    if ((rows += block.length) > 300_000) break;
  }
  for (const [name, codec] of Object.entries({ parquet, feather: arrow } as Record<string, Codec>)) {
    const good = await bytes(name === "parquet" ? "snappy.parquet" : "lz4.feather");
    let seed = 7;
    const random = () => (seed = (seed * 1664525 + 1013904223) >>> 0) / 2 ** 32;
    for (let run = 0; run < 400; run++) {
      const damaged = good.slice();
      for (let i = 0; i < 1 + run % 3; i++) {
        damaged[Math.floor(random() * damaged.length)]! ^= 1 + Math.floor(random() * 255);
      }
      await (async () => await codec.parse(damaged))().catch((error) => {
        assert.match(`${error}`, /^(SyntaxError|RangeError): Cannot read (parquet|arrow): /, `run ${run}`);
      });
    }
  }
});

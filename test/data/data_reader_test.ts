import assert from "node:assert/strict";
import { join } from "node:path";
import { Buffer } from "node:buffer";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { stringify as npy } from "../../src/codec/npy.ts";
import { stringify as npz } from "../../src/codec/npz.ts";
import { DataReader } from "../../src/data/data_reader.ts";
import { naturally } from "../../src/data/reading/natural_order.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { State } from "../../src/module/state.ts";
import { folder, write } from "./files.ts";

const root = folder(), reader = new DataReader();
const x = new NDArray("int16", [2, 1], [1, 2]), y = new NDArray("int16", [1, 1], [3]);
const at = (name: string) => join(root, name);
await write(root, {
  "a.npz": npz({ x, z: y }),
  "a.yaml": "rates: [0.1, 0.01]\n",
  "shards/s10.npz": npz({ x: y }),
  "shards/s2.npz": npz({ x }),
  "arrays/1.npy": npy(x),
  "arrays/2.npy": npy(y),
  "mixed/1.npy": npy(x),
  "mixed/2.npz": npz({ x }),
  "rows/1.json": '[{"n": 1, "s": "a"}, {"n": 2, "s": "b"}]',
  "rows/2.json": '[{"n": 3, "s": "c"}]',
  "rows/deep/er/3.json": '[{"n": 4, "s": "d"}]',
  "rows/.hidden.json": '[{"n": 5, "s": "e"}]',
  "configurations/1.json": '{"rate": 1}',
  "configurations/2.json": '{"rate": 2}',
  "odd [1].json": "[1]",
  "wrong.json": npz({ x }),
  "other.mat": "what Matlab writes",
});

Deno.test("DataReader: reads arrays and values, by path and by URL", async () => {
  for (const where of [at("a.npz"), pathToFileURL(at("a.npz")), pathToFileURL(at("a.npz")).href]) {
    assert.ok((await reader(where)).x.equals(x));
  }
  assert.deepEqual(await reader.read(at("a.yaml")), { rates: [0.1, 0.01] });
});

Deno.test("DataReader: says what it can't read", async () => {
  const wrong: [string, RegExp][] = [
    ["no/such.npz", /^Error: Cannot read "no\/such.npz": there is no such file; check the path/],
    [at("other.mat"), /^TypeError: Cannot find a codec for "other.mat": unknown extension ".mat"; known are/],
    [at("wrong.json"), /^SyntaxError: Cannot read "wrong.json" as .json: it is a file of zip \(npz\); name it .npz/],
    [at("rows"), /^Error: Cannot read ".*rows": it is a folder, name its files as folder\/\*\.npz/],
    [at("no/*.npz"), /^RangeError: Cannot read ".*": no file fits this pattern; there is no folder ".*no"/],
    [at("rows/*.csv"), /^RangeError: Cannot read ".*": no file fits this pattern; look into the folder ".*rows"/],
    ["ftp://me:pw@example.org/x", /^TypeError: Cannot read "ftp:\/\/example.org\/x": ftp: is not read; give a path/],
    ["http://me:pw@[/x", /^TypeError: Cannot read "http:\/\/\[\/x": it is no valid address; check it/],
    [
      "http://me:${NO_SUCH_VARIABLE}@x/x",
      /^Error: Cannot read "http:\/\/x\/x": the variable NO_SUCH_VARIABLE is not set/,
    ],
  ];
  for (const [where, message] of wrong) await assert.rejects(reader.read(where), message);
  await assert.rejects(
    reader.read("no/such.npz"),
    ({ cause }: Error) => (((cause as Error).cause ?? cause) as { code: string }).code === "ENOENT",
  );
  await assert.rejects(
    reader.read(at("a.npz"), { maxBytes: 10 }),
    /^RangeError: .* bytes, more than 10; raise maxBytes/,
  );
  await assert.rejects(
    reader.read(at("rows/*.json"), { maxBytes: 50 }),
    /^RangeError: .*2.json": it has \d+ bytes, more/,
  );
});

Deno.test("DataReader: a damaged file among many is named, read at once or in blocks", async () => {
  const whole = npz({ x });
  await write(root, {
    "cut/1.npz": whole,
    "cut/2.npz": whole.slice(0, whole.length - 30),
    "cut/1.csv": "n,s\n1,a\n",
    "cut/2.csv": 'n,s\n2,"b\n',
  });
  for (const [pattern, name] of [["cut/*.npz", /as zip: /], ["cut/*.csv", /as csv: .* line 2/]] as const) {
    const message = new RegExp(`^SyntaxError: Cannot read "${at(pattern.replace("*", "2"))}" ${name.source}`);
    await assert.rejects(reader.read(at(pattern)), message);
    await assert.rejects(Array.fromAsync(reader.stream(at(pattern))), message);
  }
});

Deno.test("DataReader: reads only what is asked for", async () => {
  const { z, ...rest } = await reader.read(at("a.npz"), { only: ["z"] });
  assert.ok(z.equals(y));
  assert.deepEqual(rest, {});
  assert.deepEqual(await reader.read(at("rows/1.json"), { only: ["s"] }), [{ s: "a" }, { s: "b" }]);
  assert.deepEqual(await reader.read(at("a.yaml"), { only: ["rates"] }), { rates: [0.1, 0.01] });
  const wrong: [string, string, RegExp][] = [
    ["a.npz", "zz", /^RangeError: Cannot find the array "zz" in ".*a.npz": did you mean "z"\?/],
    ["rows/1.json", "m", /^RangeError: Cannot find the column "m" in ".*1.json": did you mean "n"\?/],
    [
      "arrays/1.npy",
      "x",
      /^TypeError: Cannot read only "x" of ".*": it holds one array of shape \[2, 1\] without a name/,
    ],
  ];
  for (const [name, only, message] of wrong) await assert.rejects(reader.read(at(name), { only: [only] }), message);
});

Deno.test("DataReader: one name alone, a State's own file, and options that there are not", async () => {
  assert.deepEqual(Object.keys(await reader.read(at("a.npz"), { only: "z" })), ["z"]);
  for (const name of ["state.npz", "state.json"]) {
    await new State({ net: new State({ w: x }), rate: 0.5 }).write(at(name));
    const read = await reader.read(at(name));
    assert.ok(read.net.w.equals(x), name);
    assert.deepEqual(Object.keys(read), ["net", "rate"]);
  }
  const blocks = await Array.fromAsync(reader.stream(at("state.npz")));
  assert.deepEqual(blocks.map((block) => Object.keys(block)), [["net.w"]], "what is no array has no items");
  await assert.rejects(reader.read(at("a.npz"), { columns: true } as never), /there is no option "columns"; known are/);
  await assert.rejects(reader.stream(at("a.npz"), { row: 1 } as never).next(), /"row"; did you mean "rows"/);
  await assert.rejects(
    reader.read([at("a.npz")] as never),
    /^TypeError: .*is a list; give a path, a URL, or a pattern/,
  );
});

Deno.test("DataReader: a table as columns", async () => {
  const { n, s } = await reader.read(at("rows/*.json"), { as: "columns" });
  assert.ok(n.equals(new NDArray("int32", [3], [1, 2, 3])));
  assert.deepEqual(s, ["a", "b", "c"]);
  assert.ok((await reader.read(at("a.npz"), { as: "columns" })).x.equals(x));
  assert.equal((await reader.read(at("rows/1.json"), { as: "rows" })).length, 2);
  await assert.rejects(
    reader.read(at("a.yaml"), { as: "columns" }),
    /^TypeError: .*holds a record of "rates", no table/,
  );
  await write(root, {
    "kinds.json": JSON.stringify([{ b: true, f: 0.5, g: 1, m: null, t: "1" }, { b: false, f: 2, g: 2, m: 1, t: 1 }]),
  });
  const kinds = await reader.read(at("kinds.json"), { as: "columns" });
  assert.deepEqual([kinds.b.dtype, kinds.f.dtype, kinds.g.dtype], ["bool", "float64", "int32"]);
  assert.deepEqual([kinds.m, kinds.t], [[null, 1], ["1", 1]]);
});

Deno.test("DataReader: a pattern's files that are alike are one, in natural order", async () => {
  const joined = await reader.read(at("shards/*.npz"));
  assert.ok(joined.x.equals(new NDArray("int16", [3, 1], [1, 2, 3])), "s2 before s10");
  assert.ok((await reader.read(at("arrays/*.npy"))).equals(joined.x));
  assert.deepEqual((await reader.read(at("rows/**/*.json"))).map(({ n }: { n: number }) => n), [1, 2, 3, 4]);
  assert.equal((await reader.read(at("rows/{1,2}.json"))).length, 3);
  assert.equal((await reader.read(at("rows/[12].json"))).length, 3);
  assert.deepEqual(await reader.read(at("odd [1].json")), [1], "a file whose name looks like a pattern");
});

Deno.test("DataReader: a pattern's files that are not alike are a record by path", async () => {
  assert.deepEqual(await reader.read(at("configurations/*.json")), {
    [at("configurations/1.json")]: { rate: 1 },
    [at("configurations/2.json")]: { rate: 2 },
  });
  assert.deepEqual(Object.keys(await reader.read(at("mixed/*"))), [at("mixed/1.npy"), at("mixed/2.npz")]);
  assert.deepEqual(Object.keys(await reader.read(at("arrays/*"), { join: false })).length, 2);
  await assert.rejects(
    reader.read(at("mixed/*"), { join: true }),
    /^TypeError: Cannot join the files of ".*": ".*1.npy" has items of int16 \[1\], ".*2.npz" has the arrays "x" of .*; make/,
  );
});

Deno.test("DataReader: streams blocks, file after file", async () => {
  const blocks = await Array.fromAsync(reader.stream(at("shards/*.npz"), { rows: 1 }));
  assert.deepEqual(blocks.map((block) => [...block.x.data]), [[1], [2], [3]]);
  const arrays = await Array.fromAsync(reader.stream(at("arrays/*.npy"), { rows: 2 }));
  assert.deepEqual(arrays.map(({ shape }) => shape), [[2, 1], [1, 1]]);
  const rows = await Array.fromAsync(reader.stream(at("rows/1.json"), { rows: 1, only: ["n"] }));
  assert.deepEqual(rows, [[{ n: 1 }], [{ n: 2 }]]);
  await assert.rejects(
    Array.fromAsync(reader.stream(at("a.yaml"))),
    /^TypeError: Cannot read ".*" in blocks: it holds a record of "rates"; rows, or arrays of one length, can be/,
  );
  await assert.rejects(
    Array.fromAsync(reader.stream(at("rows/1.json"), { maxBytes: 10 })),
    /^RangeError: .*it has \d+ bytes, more than 10; raise maxBytes, or save it as .npz, .parquet or .tfrecords/,
  );
});

Deno.test("DataReader: a block's file is closed when nobody wants more of it", async () => {
  for await (const block of reader.stream(at("shards/*.npz"), { rows: 1 })) {
    assert.equal(block.x.shape[0], 1);
    break;
  }
});

Deno.test("natural order: numbers by their value", () => {
  const names = ["b", "a10", "a2", "a02", "a", "a2b", "A1", "a9007199254740993", "a9007199254740992", "é", ""];
  const sorted = ["", "A1", "a", "a02", "a2", "a2b", "a10", "a9007199254740992", "a9007199254740993", "b", "é"];
  assert.deepEqual(names.toSorted(naturally), sorted);
  assert.deepEqual(names.toReversed().sort(naturally), sorted);
});

Deno.test("DataReader: unpacks gzipped files of any format", async () => {
  const json = new TextEncoder().encode('[{"n": 1}, {"n": 2}]');
  const large = new NDArray("uint8", [160, 2 ** 19]); // more than stays in memory when it is unpacked
  for (let i = 0; i < 160; i++) large.data.fill(i as never, i * 2 ** 19, (i + 1) * 2 ** 19);
  const packed = gzipSync(json.subarray(0, 5)), rest = gzipSync(json.subarray(5));
  await write(root, {
    "packed/a.json.gz": gzipSync(json),
    "packed/b.json.gz": Buffer.concat([packed, rest]), // two members, as `cat` makes of two files
    "large.npy.gz": gzipSync(npy(large), { level: 1 }),
    "train-images-idx2-ubyte.gz": gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 5, 6)),
    "cut.json.gz": gzipSync(json).subarray(0, 20),
    "no.json.gz": json,
    "twice.yaml.gz": gzipSync("a: ["),
    "strange.xyz.gz": gzipSync("a"),
    "hidden.json": gzipSync(json),
  });
  assert.deepEqual((await reader.read(at("packed/*.json.gz"))).map(({ n }: { n: number }) => n), [1, 2, 1, 2]);
  assert.ok((await reader.read(at("train-images-idx2-ubyte.gz"))).equals(new NDArray("uint8", [2], [5, 6])));
  let items = 0;
  for await (const block of reader.stream(at("large.npy.gz"), { rows: 30 })) {
    assert.equal(block.data[0], large.data[items * 2 ** 19]);
    items += block.shape[0];
  }
  assert.equal(items, 160);
  const wrong: [string, RegExp][] = [
    ["cut.json.gz", /^SyntaxError: Cannot read ".*cut.json.gz": unexpected end of file; the file is cut off/],
    ["twice.yaml.gz", /^SyntaxError: /],
    ["strange.xyz.gz", /^TypeError: Cannot find a codec for "strange.xyz": unknown extension ".xyz"/],
    ["hidden.json", /^SyntaxError: Cannot read "hidden.json" as .json: it is a file of gzip; name it "hidden.json.gz"/],
  ];
  for (const [name, message] of wrong) await assert.rejects(reader.read(at(name)), message);
  assert.equal((await reader.read(at("no.json.gz"))).length, 2, "one that somebody unpacked already");
  await assert.rejects(
    reader.read(at("large.npy.gz"), { maxBytes: 10 ** 7 }),
    /^RangeError: Cannot read ".*": it unpacks to more than 10000000 bytes; if you trust it, raise maxBytes/,
  );
});

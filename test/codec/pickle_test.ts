import assert from "node:assert/strict";
import fc from "fast-check";
import "../../src/codec/codecs.ts";
import { parse, pickle } from "../../src/codec/pickle.ts";
import { State } from "../../src/module/state.ts";
import { readValue } from "../../src/module/file.ts";
import { arrayTypes, type DType, NDArray } from "../../src/module/ndarray.ts";
import { equalValues, type Value } from "../../src/module/value.ts";
import { runPython } from "../python.ts";
import { inFolder } from "./temporary.ts";

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const dtypes = Object.keys(arrayTypes) as DType[];
/** Elements that each type holds, its extremes among them. */
const extremes = (dtype: DType): number[] | bigint[] =>
  dtype === "bool"
    ? [1, 0]
    : dtype === "int64"
    ? [2n ** 63n - 1n, -(2n ** 63n)]
    : dtype === "uint64"
    ? [2n ** 64n - 1n, 0n]
    : dtype.startsWith("float")
    ? [NaN, -Infinity]
    : [127, 0];

const fromPython = `
import pickle, sys, datetime as d, collections as c, numpy as np
folder = sys.argv[1]
dtypes = "bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64".split()
shared = [1, 2]
objects = {
  "constants": [None, True, False, 0, 255, 256, 65536, -1, -2**31, 2**31, 2**53 - 1, -(2**53 - 1), 1.5, -0.0],
  "special": [float("nan"), float("inf"), float("-inf"), 5e-324, 1e308],
  "large": [2**53, 2**63, -2**63, 2**64 - 1, 10**400, -10**400],
  "text": ["", "é字🎉", "\\ud800", "\\n\\\\ \\x00\\u2028", "x" * 300, "\\ufeff", "'\\""],
  "bytes": [b"", b"\\x00\\xff\\n", bytes(range(256)) * 2, bytearray(b"ab")],
  "nested": {"a": [(1, (2,), ()), {"b": {}}], "shared": [shared, shared], "t3": (1, 2, 3), "t4": (1, 2, 3, 4)},
  "sets": [{1}, frozenset([2]), set()],
  "dates": [d.datetime(2020, 2, 3, 4, 5, 6, 7891, tzinfo=d.timezone.utc), d.datetime(1, 1, 1), d.date(1999, 12, 31),
            d.datetime(2020, 1, 1, tzinfo=d.timezone(d.timedelta(hours=-5), "x")), d.timedelta(1, 2, 500000)],
  "collections": [c.OrderedDict(z=1, a=2), c.defaultdict(list, k=[1]), c.Counter("aab"), c.deque([1, 2], 5)],
  "keys": [{1: "a", None: "b", 2.5: "c"}, {1: "a", "1": "b"}, {(0, 1): 2}],
  "arrays": {name: np.array([[1, 0], [0, 1]]).astype(name) for name in dtypes},
  "big-endian": {name: np.array([1, 0, 1]).astype(np.dtype(name).newbyteorder(">")) for name in dtypes},
  "layouts": [np.asfortranarray(np.arange(6, dtype="f4").reshape(2, 3)), np.arange(10)[::3], np.zeros((2, 0), "u1"),
              np.array(3.5), np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1), np.array([], "f8")],
  "scalars": [np.float32(0.5), np.int64(2**62), np.int8(-3), np.bool_(True), np.float64("nan"), np.uint64(2**64 - 1)],
  "same array": [a := np.arange(3.0), a],
  "numpy texts": [np.str_("é字🎉"), np.str_(""), np.array(["ab", "abc"])[0], np.array(["x"], ">U3")[0], np.bytes_(b"a\\x00b")],
  "defaults": [c.defaultdict(int, a=1), c.defaultdict(str, a="x"), c.defaultdict(float), c.defaultdict(set)],
  "long list": list(range(3000)),
  "many keys": {str(i): i for i in range(3000)},
}
for name, value in objects.items():
  for protocol in range(6):
    with open(f"{folder}/{name}.{protocol}.pkl", "wb") as file: pickle.dump(value, file, protocol)
`;

/** What Python's objects are here, the same by every protocol. */
function expected(): Record<string, Value> {
  const bytes = (...values: number[]) => new NDArray("uint8", [values.length], values);
  const all = Array.from({ length: 512 }, (_, i) => i & 255),
    i64 = (...shape: number[]) => (...data: number[]) => new NDArray("int64", shape, data.map(BigInt));
  const of = (data: number[], shape: number[]) => (dtype: DType) => {
    const wide = dtype === "int64" || dtype === "uint64";
    return [dtype, new NDArray(dtype, shape, wide ? data.map(BigInt) : data)] as const;
  };
  return {
    constants: [null, true, false, 0, 255, 256, 65536, -1, -(2 ** 31), 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1), 1.5, -0],
    special: [NaN, Infinity, -Infinity, 5e-324, 1e308],
    large: [2n ** 53n, 2n ** 63n, -(2n ** 63n), 2n ** 64n - 1n, 10n ** 400n, -(10n ** 400n)],
    text: ["", "é字🎉", "\ud800", "\n\\ \0\u2028", "x".repeat(300), "\ufeff", "'\""],
    bytes: [bytes(), bytes(0, 255, 10), bytes(...all), bytes(97, 98)],
    nested: { a: [[1, [2], []], { b: {} }], shared: [[1, 2], [1, 2]], t3: [1, 2, 3], t4: [1, 2, 3, 4] },
    sets: [[1], [2], []],
    dates: [
      new Date("2020-02-03T04:05:06.007Z"),
      new Date("0001-01-01T00:00:00Z"),
      new Date("1999-12-31T00:00:00Z"),
      new Date("2020-01-01T05:00:00Z"),
      86402.5,
    ],
    collections: [{ z: 1, a: 2 }, { k: [1] }, { a: 2, b: 1 }, [1, 2]],
    keys: [{ "1": "a", null: "b", "2.5": "c" }, [[1, "a"], ["1", "b"]], [[[0, 1], 2]]],
    arrays: Object.fromEntries(dtypes.map(of([1, 0, 0, 1], [2, 2]))),
    "big-endian": Object.fromEntries(dtypes.map(of([1, 0, 1], [3]))),
    layouts: [
      new NDArray("float32", [2, 3], [0, 1, 2, 3, 4, 5]),
      i64(4)(0, 3, 6, 9),
      new NDArray("uint8", [2, 0]),
      new NDArray("float64", [], [3.5]),
      i64(4, 2, 3)(0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23),
      new NDArray("float64", [0]),
    ],
    scalars: [0.5, 2n ** 62n, -3, true, NaN, 2n ** 64n - 1n],
    "numpy texts": ["é字🎉", "", "ab", "x", bytes(97, 0, 98)],
    defaults: [{ a: 1 }, { a: "x" }, {}, {}],
    "same array": [new NDArray("float64", [3], [0, 1, 2]), new NDArray("float64", [3], [0, 1, 2])],
    "long list": Array.from({ length: 3000 }, (_, i) => i),
    "many keys": Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`${i}`, i])),
  };
}

Deno.test("pickle: reads what Python writes, by every protocol", () =>
  inFolder(async (folder) => {
    await runPython(fromPython, folder);
    for (const [name, value] of Object.entries(expected())) {
      for (let protocol = 0; protocol < 6; protocol++) {
        const read = parse(await Deno.readFile(`${folder}/${name}.${protocol}.pkl`));
        const message = `${name} by protocol ${protocol}: ${Deno.inspect(read)} instead of ${Deno.inspect(value)}`;
        assert.ok(equalValues(read, value), message);
      }
    }
  }));

const checks = `
import pickle, sys, datetime as d, math, numpy as np
with open(sys.argv[1], "rb") as file: x = pickle.load(file)
same = lambda a, b: type(a) is type(b) and a == b
assert same(x["int"], 3) and same(x["float"], 0.5) and same(x["big"], 2**63) and same(x["small big"], 1)
assert same(x["zero"], -0.0) and math.copysign(1, x["zero"]) == -1 and math.isnan(x["nan"]) and x["inf"] == -math.inf
assert x["integers"] == [0, 255, 256, -1, -2**31, 2**31, 2**53 - 1, -(2**53 - 1)], x["integers"]
assert x["bigs"] == [0, -1, 127, 128, -128, -129, 255, 256, -2**63, 2**64 - 1, -10**100], x["bigs"]
assert x["none"] is None and x["true"] is True and x["list"] == [[], {}, ""] and x["é字🎉"] == "é字🎉"
assert x["lone"] == "\\ud800" and x["date"] == d.datetime(2020, 2, 3, 4, 5, 6, 7000, tzinfo=d.timezone.utc)
assert x["undefined"] == {"$undefined": True} and x["far"] == {"$date": "+275760-09-13T00:00:00.000Z"}
assert x["rows"] == [{"a": i, "b": str(i)} for i in range(1000)]
for name, a in x["arrays"].items():
  assert isinstance(a, np.ndarray) and a.dtype == name and a.shape == (2, 1) and a.flags.writeable, (name, a)
assert x["arrays"]["int64"].tolist() == [[2**63 - 1], [-2**63]] and np.isnan(x["arrays"]["float16"][0, 0])
assert x["empty"].shape == (0, 3) and x["scalar"].shape == () and x["scalar"] == 3
print("fine")
`;

Deno.test("pickle: Python reads what we write, without this package", () =>
  inFolder(async (folder) => {
    const value: Value = {
      ...{ int: 3, float: 0.5, big: 2n ** 63n, "small big": 1n, zero: -0, nan: NaN, inf: -Infinity, none: null },
      integers: [0, 255, 256, -1, -(2 ** 31), 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1)],
      bigs: [0n, -1n, 127n, 128n, -128n, -129n, 255n, 256n, -(2n ** 63n), 2n ** 64n - 1n, -(10n ** 100n)],
      ...{ true: true, list: [[], {}, ""], "é字🎉": "é字🎉", lone: "\ud800", undefined: undefined },
      date: new Date("2020-02-03T04:05:06.007Z"),
      far: new Date(8.64e15),
      rows: Array.from({ length: 1000 }, (_, i) => ({ a: i, b: `${i}` })),
      arrays: Object.fromEntries(dtypes.map((dtype) => [dtype, new NDArray(dtype, [2, 1], extremes(dtype))])),
      empty: new NDArray("float32", [0, 3]),
      scalar: new NDArray("int32", [], [3]),
    };
    const bytes = await pickle.stringify(value);
    assert.ok(equalValues(parse(bytes), value));
    await Deno.writeFile(`${folder}/x.pkl`, bytes);
    assert.equal(await runPython(checks, `${folder}/x.pkl`), "fine\n");
  }));

Deno.test("pickle: any value goes through Python and back, by every protocol", () =>
  inFolder(async (folder, path) => {
    const text = fc.string({ unit: "binary", maxLength: 300 });
    const large = fc.oneof(fc.bigInt({ min: 2n ** 53n }), fc.bigInt({ max: -(2n ** 53n) })); // Python has one kind of int
    const date = fc.date({ min: new Date(-1e12), max: new Date(1e13), noInvalidDate: true });
    const array = fc.array(fc.double(), { maxLength: 5 }).map((data) => new NDArray("float64", [data.length], data));
    const { value } = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        ...[fc.double(), fc.integer(), fc.maxSafeInteger(), text, fc.boolean(), large, fc.constant(null), date, array],
        fc.array(tie("value"), { maxLength: 5 }),
        fc.dictionary(text, tie("value"), { maxKeys: 5 }),
      ),
    }));
    const seed = 6, values = fc.sample(value, { seed, numRuns: 300 });
    await Deno.writeFile(path("values.pkl"), await pickle.stringify(values));
    await runPython(
      `
import pickle, sys
values = pickle.load(open(sys.argv[1] + "/values.pkl", "rb"))
for protocol in range(6): pickle.dump(values, open(f"{sys.argv[1]}/{protocol}.pkl", "wb"), protocol)`,
      folder,
    );
    for (let protocol = 0; protocol < 6; protocol++) {
      const read = parse(await Deno.readFile(path(`${protocol}.pkl`))) as Value[];
      values.forEach((value, i) => {
        const message = `seed ${seed}, protocol ${protocol}: ${Deno.inspect(read[i])} instead of ${
          Deno.inspect(value)
        }`;
        assert.ok(equalValues(read[i], value), message);
      });
    }
  }));

Deno.test("pickle: a State is dicts of numpy arrays in Python; 100 MB of them", () =>
  inFolder(async (folder) => {
    const kernel = new NDArray("float32", [5000, 5000], new Float32Array(25e6).fill(0.5));
    const state = new State({ step: 3, net: new State({ kernel, bias: new NDArray("float32", [1], [1]) }) });
    await state.write(`${folder}/state.pickle`);
    const said = await runPython(
      `
import pickle, sys, numpy as np
tree = pickle.load(open(sys.argv[1], "rb"))["tree"]
kernel = tree["net"]["kernel"]
print(tree["step"], kernel.shape, kernel.dtype, float(kernel.sum()))
pickle.dump({"net": {"kernel": kernel + 1, "bias": np.asfortranarray(kernel[:2, :3])}}, open(sys.argv[1], "wb"))`,
      `${folder}/state.pickle`,
    );
    assert.equal(said, "3 (5000, 5000) float32 12500000.0\n");
    const { net } = await readValue(`${folder}/state.pickle`) as { net: Record<string, NDArray> };
    assert.deepEqual([net.kernel!.shape, net.kernel!.data[24_999_999], [...net.bias!.data]], [
      [5000, 5000],
      1.5,
      Array(6).fill(0.5),
    ]);
  }));

/** Opcodes as text: each letter a byte. */
const refused = (program: string, message: RegExp) =>
  assert.throws(() => parse(ascii(program)), (error: Error) => {
    assert.ok(error instanceof SyntaxError, `${error}`);
    assert.match(error.message, message);
    return error.message.startsWith("Cannot read pickle: ");
  });

Deno.test("pickle: names nothing but harmless types, and runs nothing", () => {
  refused("cos\nsystem\n(S'echo hacked > /tmp/hacked'\ntR.", /"os.system", which is not on the list/);
  refused("c__builtin__\neval\n(S'1'\ntR.", /"__builtin__.eval"/);
  refused("(S'echo'\nios\nsystem\n.", /"os.system"/);
  refused("(cposix\nsystem\nS'x'\no.", /"posix.system"/);
  refused("\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x01x\x85R.", /"os.system"/);
  refused("\x80\x04\x8c\x08builtins\x8c\x0a__import__\x93.", /"builtins.__import__"/);
  refused("cbuiltins\ngetattr\n.", /"builtins.getattr"/);
  refused("c__proto__\ntoString\n.", /"__proto__.toString"/);
  refused("cnumpy\nload\n.", /"numpy.load"/);
  refused("cbuiltins\nlist\n(tR.", /it calls builtins.list itself/);
  refused("S'os'\n(tR.", /it calls a str/);
  refused("cbuiltins\nbytes\n(I100000000000\ntR.", /takes bytes, found a number/);
  refused("cbuiltins\ndict\n.", /builtins.dict itself is no data/);
  refused("}}b.", /sets the state of a dict/);
  refused("Pid\n.", /refers to an object outside/);
  refused("\x80\x02\x82\x01.", /extension registry/);
  refused("\x80\x05\x97.", /kept apart/);
  refused("cnumpy.core.multiarray\n_reconstruct\n)R.", /no data/);
});

Deno.test("pickle: an error says what else to save", () =>
  inFolder(async (folder, path) => {
    await runPython(
      `
import pickle, sys, numpy as np, pandas as pd
for name, x in {"table": pd.DataFrame({"a": [1]}), "structured": np.zeros(1, [("a", "i4"), ("b", "f8")]), "type": np.dtype("f4")}.items():
  with open(f"{sys.argv[1]}/{name}.pkl", "wb") as file: pickle.dump(x, file)`,
      folder,
    );
    for (
      const [name, message] of [
        ["table", /names "pandas.DataFrame", .* never run; save a table by to_parquet\(\)/],
        ["structured", /: structured type of a, b; save each field as an array of its own$/],
        ["type", /: a numpy.dtype is no data$/],
      ] as const
    ) {
      const bytes = await Deno.readFile(path(`${name}.pkl`));
      assert.throws(() => parse(bytes), (error: Error) => error instanceof SyntaxError && message.test(error.message));
    }
    refused("ctorch._utils\n_rebuild_tensor_v2\n.", /save tensors as .safetensors/);
    const zeros = `cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(S'U9'\ntR(I3\nS'<'\ntbS'${"\\x00".repeat(40_000)}`;
    const read = (end: string) => parse(ascii(`${zeros}${end}'\ntR.`));
    assert.equal((read("x\\x00\\x00\\x00") as string).length, 10_001, "zeros before a letter are letters");
    refused(`${zeros}xxxx'\ntR.`, /a letter that Unicode lacks/);
  }));

Deno.test("pickle: chains, cycles, depth and sizes that lie end soon", () => {
  refused("]q\x00h\x00a.", /nested deeper than 500, or holds itself/);
  refused("}q\x00S'x'\nh\x00s.", /holds itself/);
  refused("]".repeat(100_000) + "a".repeat(99_999) + ".", /nested deeper/);
  refused("(".repeat(1_000_000) + ".", /stack is empty/);
  // each list holds the one before ten times: 10 ** 30 values
  const laughs = Array.from({ length: 30 }, (_, i) => `](${`h${String.fromCharCode(i)}`.repeat(10)}e`);
  refused(`]q\x00${laughs.map((list, i) => `${list}q${String.fromCharCode(i + 1)}`).join("")}.`, /is a bomb/);
  // a text of 1 MB, encoded again and again
  const text = `c_codecs\nencode\nq\x00X\x40\x42\x0f\x00${"a".repeat(1_000_000)}q\x01`;
  refused(`${text}${"h\x00(h\x01S'latin1'\ntR".repeat(10_000)}.`, /makes far more of its bytes/);
  refused(`cbuiltins\nset\nq\x00](${"N".repeat(100_000)}eq\x01${"h\x00h\x01\x85R".repeat(1000)}.`, /far more/);
  refused("\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f.", /a frame of/);
  refused("\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.", /should follow byte/);
  refused("T\xff\xff\xff\xff.", /-1 bytes should follow/);
  refused(`I${"9".repeat(1_000_000)}\n.`, /no integer of at most 4300 digits/);
  refused("h\x05.", /remembers nothing under 5/);
  refused("\x80\x06N.", /protocol 6/);
  refused("N", /should follow byte/);
  refused(".", /stack is empty/);
  refused("\xffN.", /byte 0 is 0xff, which is no opcode/);
  refused("N.N.", /2 bytes follow its end; .* dump one list/);
});

Deno.test("pickle: arrays that lie, and types that an NDArray lacks", () => {
  const array = (shape: string, code: string, bytes: string, order = "<") =>
    `cnumpy.core.multiarray\n_reconstruct\n)R(I1\n${shape}cnumpy\ndtype\n(S'${code}'\ntR(I3\nS'${order}'\ntbI00\n` +
    `S'${bytes}'\ntb.`;
  const good = parse(ascii(array("(I1\nI2\nt", "u2", "\\x00\\x01\\x02\\x03", ">"))) as NDArray;
  assert.deepEqual([good.dtype, [...good.shape], [...good.data]], ["uint16", [1, 2], [1, 515]]);
  refused(array("(I3\nt", "u2", "ab"), /uint16 of shape \[3\] takes 6 bytes, found 2/);
  refused(array("(I-1\nt", "u2", "ab"), /no valid shape/);
  refused(array("(L9007199254740991L\nI9\nt", "u2", "ab"), /takes .* found 2/);
  refused(array("(I0\nt", "O8", ""), /Python objects/);
  refused(array("(I0\nt", "U4", ""), /strings/);
  refused(array("(I0\nt", "V8", ""), /numeric dtype/);
  refused(array("(I0\nt", "f4", "", "?"), /no valid state/);
});

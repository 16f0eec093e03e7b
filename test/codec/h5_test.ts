import assert from "node:assert/strict";
import { h5, read } from "../../src/codec/h5.ts";
import { sourceOf } from "../../src/module/byte_source.ts";
import { codecFor } from "../../src/codec/codecs.ts";
import { arrayTypes, type DType, NDArray } from "../../src/module/ndarray.ts";
import { State } from "../../src/module/state.ts";
import { equalValues } from "../../src/module/value.ts";
import { runPython } from "../python.ts";
import { removeAtEnd } from "../remove_at_end.ts";

const folder = await Deno.makeTempDir();
addEventListener("unload", () => removeAtEnd(folder));
const bytes = (name: string) => Deno.readFile(`${folder}/${name}`);

/** What breaks things, by name; Python makes and finds the same. */
const hard: Record<string, NDArray> = {
  ...Object.fromEntries(
    (Object.keys(arrayTypes) as DType[]).map((dtype) => [`all/${dtype}`, new NDArray(dtype, [2, 0, 3])]),
  ),
  ...Object.fromEntries(
    (Object.keys(arrayTypes) as DType[]).map((dtype) => [`scalar/${dtype}`, new NDArray(dtype, [])]),
  ),
  limits: new NDArray("int64", [2], [2n ** 63n - 1n, -(2n ** 63n)]),
  unsigned: new NDArray("uint64", [1], [2n ** 64n - 1n]),
  halves: new NDArray("float16", [2, 2], [1.5, -0, NaN, Infinity]),
  floats: new NDArray("float64", [4], [NaN, -Infinity, -0, 5e-324]),
  truths: new NDArray("bool", [3], [1, 0, 1]),
  "é/字🎉": new NDArray("float32", [2, 3], [1, 2, 3, 4, 5, 6]),
};

const makes = `
import h5py, numpy as np, sys
f = h5py.File(sys.argv[1] + "/from.h5", "w")
for d in "bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64".split():
    f["all/" + d] = np.zeros((2, 0, 3), d)
    f["scalar/" + d] = np.zeros((), d)
f["limits"] = np.array([2**63 - 1, -2**63], ">i8")
f["unsigned"] = np.array([2**64 - 1], "u8")
f.create_dataset("halves", data=np.array([[1.5, -0.0], [np.nan, np.inf]], ">f2"))
f["floats"] = np.array([np.nan, -np.inf, -0.0, 5e-324], ">f8")
f["truths"] = np.array([True, False, True])
f.create_dataset("é/字🎉", data=np.asfortranarray(np.arange(1, 7, dtype="f4").reshape(2, 3)), chunks=(1, 2), compression="gzip", shuffle=True, fletcher32=True)
f.close()
f = h5py.File(sys.argv[1] + "/text.h5", "w")
f["one"] = "héllo"; f["many"] = np.array([["a", "bé"], ["", "d"]], dtype=object); f["fixed"] = np.array([b"ab", b"c"])
f["none"] = h5py.Empty("f4"); f["g/x"] = [1]; f["again"] = h5py.SoftLink("/g/x"); f["g/loop"] = f["g"]
f.create_dataset("scaled", data=np.arange(1000), scaleoffset=0)
f["pairs"] = np.array([(1, (2, 3))], dtype=[("a", "i4"), ("b", "i4", 2)])["b"]
f.close()
for name in ["lzf", "compound", "outside", "virtual", "huge"]:
    f = h5py.File(sys.argv[1] + "/" + name + ".h5", "w")
    f["good"] = np.arange(3)
    if name == "lzf": f.create_dataset("bad", data=np.arange(1000), compression="lzf")
    if name == "compound": f["bad"] = np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])
    if name == "outside": f["bad"] = h5py.ExternalLink("/etc/passwd", "/x")
    if name == "huge": f.create_dataset("bad", shape=(2**40,), chunks=(1024,), dtype="f4")
    if name == "virtual":
        layout = h5py.VirtualLayout(shape=(3,), dtype="i8")
        layout[:] = h5py.VirtualSource("/etc/passwd", "x", shape=(3,))
        f.create_virtual_dataset("bad", layout)
    f.close()
f = h5py.File(sys.argv[1] + "/big.h5", "w")
f["big"] = np.arange(25_000_000, dtype="f4"); f["small"] = np.arange(3)
f.create_dataset("packed", data=np.arange(3_000_000).reshape(3000, 1000), chunks=(7, 100), compression="gzip")
f.close()
# What Keras 2 wrote, with a layer of each kind of name; Keras 3 writes it no more.
f = h5py.File(sys.argv[1] + "/keras2.h5", "w")
f.attrs["layer_names"] = [b"dense", b"bi", b"act"]; f.attrs["backend"] = b"tensorflow"; f.attrs["keras_version"] = b"2.4.0"
weights = {"dense": ["dense/kernel:0", "dense/bias:0"], "bi": ["bi/forward/kernel:0", "bi/backward/kernel:0"], "act": []}
for layer, names in weights.items():
    g = f.create_group(layer); g.attrs["weight_names"] = [n.encode() for n in names]
    for i, n in enumerate(names): g[n] = np.full((2,), i, "f4")
f.close()
`;

const keras = `
import sys, numpy as np, tensorflow as tf
x = tf.keras.layers
m = tf.keras.Sequential([tf.keras.Input((4,)), x.Dense(3, name="first"), x.BatchNormalization(name="norm"), x.Dense(2, name="last")])
m.compile("adam", "mse"); m.fit(np.ones((2, 4)), np.ones((2, 2)), verbose=0)
m.save_weights(sys.argv[1] + "/keras3.weights.h5"); m.save(sys.argv[1] + "/whole.h5")
np.savez(sys.argv[1] + "/keras.npz", kernel=m.layers[0].kernel, last=m.layers[-1].bias)
`;

Deno.test("h5: what h5py writes is read, and the other way round", async () => {
  await runPython(makes, folder);
  const found = await h5.parse(await bytes("from.h5")) as Record<string, NDArray>;
  assert.deepEqual(Object.keys(found).sort(), Object.keys(hard).sort());
  for (const [name, array] of Object.entries(hard)) {
    assert.ok(array.equals(found[name]), `${name}: ${Deno.inspect(found[name])}`);
  }
  await Deno.writeFile(`${folder}/ours.h5`, await h5.stringify({ ...hard, "": hard.halves!, "a//b": hard.truths! }));
  const said = await runPython(
    `
import h5py, numpy as np, sys
a = h5py.File(sys.argv[1] + "/from.h5"); b = h5py.File(sys.argv[1] + "/ours.h5"); n = 0
def same(name, x):
    global n
    if isinstance(x, h5py.Dataset):
        y = b[name]; n += 1
        assert x.shape == y.shape and x.dtype.newbyteorder("=") == y.dtype.newbyteorder("="), name
        assert np.array_equal(np.asarray(x[()], x.dtype.newbyteorder("<")).tobytes(), y[()].tobytes()), name
a.visititems(same)
b.close(); c = h5py.File(sys.argv[1] + "/ours.h5", "a"); c["é/new"] = 1; c["more"] = [2]; c.close()
print(n, sorted(h5py.File(sys.argv[1] + "/ours.h5").keys()))
`,
    folder,
  );
  assert.equal(
    said.trim(),
    "30 ['%:', '%:a%002f%002fb', 'all', 'floats', 'halves', 'limits', 'more', 'scalar', 'truths', 'unsigned', 'é']",
  );
  assert.equal(
    (await h5.parse(await bytes("ours.h5")) as Record<string, NDArray>)["é/new"]!.data[0],
    1n,
    "after h5py added to it",
  );
});

Deno.test("h5: texts, empty dataspaces, links and other filters", async () => {
  const { scaled, pairs, ...found } = await h5.parse(await bytes("text.h5")) as Record<string, NDArray>;
  const one = new NDArray("int64", [1], [1n]);
  const expected = {
    one: "héllo",
    many: [["a", "bé"], ["", "d"]],
    fixed: ["ab", "c"],
    none: null,
    "g/x": one,
    again: one,
  };
  assert.ok(equalValues(found, expected), Deno.inspect(found));
  assert.deepEqual([scaled!.data[999], pairs!.shape, [...pairs!.data]], [999n, [1, 2], [2, 3]]);
});

Deno.test("h5: what can't be read is named; the rest is read by name", async () => {
  for (
    const [name, message] of [
      ["lzf", /"bad" can't be read: it is packed by the filter "lzf" \(32000\); write it with gzip/],
      ["compound", /"bad" can't be read: it holds compounds of a, b, which an NDArray lacks/],
      ["outside", /"bad" can't be read: it leads out of the file/],
      ["virtual", /"bad" can't be read: it is put together from other files/],
      ["huge", /^RangeError: .*takes more than 2147483648 bytes; if you trust it, raise maxBytes/],
    ] as const
  ) {
    const source = sourceOf(await bytes(`${name}.h5`));
    await assert.rejects(async () => await h5.read!(source), message);
    const archive = await h5.open!(source);
    assert.deepEqual([...(await archive.read("good")).data], [0n, 1n, 2n], name);
    if (name === "huge") await assert.rejects(archive.read("bad"), RangeError);
    else await assert.rejects(archive.read("bad"), /it has no array "bad"/);
    archive.close();
  }
  await assert.rejects(read(sourceOf(await bytes("from.h5")), { maxBytes: 30 }), /raise maxBytes/);
});

Deno.test("h5: 100 MB both ways, and one array without the rest", async () => {
  const found = await State.read(`${folder}/big.h5`, { only: ["small"] });
  assert.deepEqual([...found.small.data], [0n, 1n, 2n]);
  const { big, packed } = await h5.parse(await bytes("big.h5")) as Record<string, NDArray>;
  assert.deepEqual([big!.size, big!.data[24_999_999], packed!.data[2_999_999]], [
    25_000_000,
    25_000_000,
    2_999_999n,
  ]);
  await Deno.writeFile(`${folder}/big2.h5`, await h5.stringify({ big: big!, packed: packed! }));
  const same = `import h5py,sys,numpy as np
a, b = [h5py.File(sys.argv[1] + n) for n in ["/big.h5", "/big2.h5"]]
print(all(np.array_equal(a[k][()], b[k][()]) for k in ["big", "packed"]))`;
  assert.equal((await runPython(same, folder)).trim(), "True");
});

Deno.test("h5: Keras's weights by the names of their layers, of both kinds of file", async () => {
  const old = await State.read(`${folder}/keras2.h5`);
  assert.deepEqual(Object.keys(old), ["dense", "bi"]);
  assert.deepEqual(Object.keys(old.dense), ["kernel", "bias"]);
  assert.deepEqual([...old.bi.bi.backward["kernel:0"].data], [1, 1], "two of the same name keep their paths");
  await runPython(keras, folder);
  const { kernel, last } = await (await codecFor("x.npz")).parse(await bytes("keras.npz")) as Record<string, NDArray>;
  const weights = await State.read(`${folder}/keras3.weights.h5`);
  assert.ok(kernel!.equals(weights.layers.dense.vars[0]) && last!.equals(weights.layers.dense_1.vars[1]));
  const model = await State.read(`${folder}/whole.h5`, { only: ["model_weights"] });
  assert.ok(kernel!.equals(model.model_weights.first.kernel) && last!.equals(model.model_weights.last.bias));
});

Deno.test("h5: a file damaged anywhere is an error or a value, and the next one is read", async () => {
  const good = await bytes("text.h5");
  let seed = 1, errors = 0;
  const random = () => (seed = (seed * 1664525 + 1013904223) >>> 0) / 2 ** 32;
  for (let run = 0; run < 40; run++) {
    const damaged = good.slice(0, random() < 0.2 ? Math.floor(random() * good.length) : good.length);
    for (let i = 0; i < 4; i++) {
      damaged[Math.floor(random() * damaged.length * (random() < 0.5 ? 1 : 0.2))]! ^= 1 + Math.floor(random() * 255);
    }
    try {
      await read(sourceOf(damaged), { patience: 3_000 }); // it runs for ever on one of them
    } catch (error) {
      errors++;
      assert.match(`${error}`, /^(SyntaxError|RangeError): Cannot read h5: /, `run ${run}`);
    }
  }
  assert.ok(errors > 12, `${errors} errors`);
  assert.equal((await h5.parse(good) as Record<string, unknown>).one, "héllo");
});

Deno.test("h5: refuses to write what HDF5 lacks", async () => {
  const stringify = async (value: unknown) => await h5.stringify(value as Record<string, NDArray>);
  await assert.rejects(
    stringify({ deep: new NDArray("int8", Array(33).fill(1)) }),
    /^RangeError: .*"deep" has 33 dimensions; HDF5 has 32/,
  );
  await assert.rejects(
    stringify({ ["n".repeat(70_000)]: new NDArray("int8", []) }),
    /^TypeError: .*more than 65000 bytes; shorten it/,
  );
  await assert.rejects(stringify({ w: [1] }), /^TypeError: Cannot write h5: "w" is an Array/);
});

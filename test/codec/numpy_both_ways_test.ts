import assert from "node:assert/strict";
import "../../src/codec/codecs.ts";
import { readValue, writeValue } from "../../src/module/file.ts";
import { arrayTypes, type DType, NDArray } from "../../src/module/ndarray.ts";
import { codecFor } from "../../src/module/codec.ts";
import { equalValues } from "../../src/module/value.ts";
import { runPython } from "../python.ts";
import { inFolder } from "./temporary.ts";

const dtypes = Object.keys(arrayTypes) as DType[];
/** The extremes of each type, as numpy's iinfo and finfo tell them. */
const extremes: Record<DType, number[] | bigint[]> = {
  ...{ bool: [0, 1], int8: [-128, 127], uint8: [0, 255], int16: [-32768, 32767], uint16: [0, 65535] },
  ...{ int32: [-(2 ** 31), 2 ** 31 - 1], uint32: [0, 2 ** 32 - 1] },
  ...{ int64: [-(2n ** 63n), 2n ** 63n - 1n], uint64: [0n, 2n ** 64n - 1n] },
  ...{ float16: [NaN, -Infinity], float32: [NaN, -Infinity], float64: [NaN, -Infinity] },
};

function arrays(): Record<string, NDArray> {
  return {
    ...Object.fromEntries(dtypes.map((dtype) => [dtype, new NDArray(dtype, [2, 1], extremes[dtype])])),
    "0-d": new NDArray("uint64", [], [2n ** 63n]),
    empty: new NDArray("float32", [0, 3]),
    "é字🎉": new NDArray("float64", [3], [-0, 5e-324, 2 ** 63]),
    rank: new NDArray("int16", [1, 2, 1, 3], [1, 2, 3, 4, 5, 6]),
    large: new NDArray("float32", [5000, 5000], new Float32Array(25e6).fill(0.5)),
  };
}

const program = `
import sys, numpy as np, zipfile
from safetensors.numpy import load_file, save_file
folder = sys.argv[1]
extremes = lambda name: [0, 1] if name == "bool" else [np.nan, -np.inf] if name.startswith("float") else \\
  [np.iinfo(name).min, np.iinfo(name).max]
dtypes = "bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64".split()
arrays = {name: np.array([[x] for x in extremes(name)], name) for name in dtypes}
arrays |= {"0-d": np.array(2**63, "u8"), "empty": np.zeros((0, 3), "f4"), "é字🎉": np.array([-0.0, 5e-324, 2.0**63]),
  "rank": np.arange(1, 7, dtype="i2").reshape(1, 2, 1, 3), "large": np.full((5000, 5000), 0.5, "f4")}
def check(found):
  assert set(found) == set(arrays), set(found) ^ set(arrays)
  for name, a in arrays.items():
    b = found[name]
    assert a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes(), (name, a, b)
check(np.load(f"{folder}/ours.npz"))
assert zipfile.ZipFile(f"{folder}/ours.npz").testzip() is None
check(load_file(f"{folder}/ours.safetensors"))
check({name: np.load(f"{folder}/{i}.npy") for i, name in enumerate(arrays)})
np.savez(f"{folder}/theirs.npz", **arrays)
np.savez_compressed(f"{folder}/packed.npz", **arrays)
save_file(arrays, f"{folder}/theirs.safetensors", metadata={"format": "np"})
for i, a in enumerate(arrays.values()): np.save(f"{folder}/their {i}.npy", a)
c = np.arange(24, dtype="f4").reshape(2, 3, 4)
np.savez(f"{folder}/layouts.npz", fortran=np.asfortranarray(c), big=c.astype(">f4"), turned=c.transpose(2, 0, 1), steps=c[:, ::2])
with zipfile.ZipFile(f"{folder}/many.npz", "w") as z:
  out = open(f"{folder}/their 0.npy", "rb").read()
  for i in range(66000): z.writestr(f"{i}.npy", out)
np.save(f"{folder}/objects.npy", np.array([{}], object), allow_pickle=True)
np.save(f"{folder}/text.npy", np.array(["a"]))
print("fine")
`;

Deno.test("npy, npz, safetensors: both ways with Python", () =>
  inFolder(async (folder, path) => {
    const all = arrays();
    const npz = await codecFor("x.npz"), safetensors = await codecFor("x.safetensors");
    await Deno.writeFile(path("ours.npz"), await npz.stringify(all));
    await Deno.writeFile(path("ours.safetensors"), await safetensors.stringify(all));
    for (const [i, array] of Object.values(all).entries()) await writeValue(path(`${i}.npy`), array);
    assert.equal(await runPython(program, folder), "fine\n");

    for (const file of ["theirs.npz", "packed.npz", "theirs.safetensors"]) {
      assert.ok(equalValues(await readValue(path(file)), all), file);
    }
    for (const [i, array] of Object.values(all).entries()) {
      assert.ok(array.equals(await readValue(path(`their ${i}.npy`))), `${i}`);
    }
    const plain = new NDArray("float32", [2, 3, 4], Array.from({ length: 24 }, (_, i) => i));
    const layouts = await readValue(path("layouts.npz")) as Record<string, NDArray>;
    assert.ok(layouts.fortran!.equals(plain) && layouts.big!.equals(plain));
    assert.deepEqual([[...layouts.turned!.shape], [...layouts.turned!.data].slice(0, 7)], [
      [4, 2, 3],
      [0, 4, 8, 12, 16, 20, 1],
    ]);
    assert.deepEqual([[...layouts.steps!.shape], [...layouts.steps!.data].slice(3, 9)], [
      [2, 2, 4],
      [3, 8, 9, 10, 11, 12],
    ]);
    // more files than a zip archive can count: zip64
    const many = await readValue(path("many.npz")) as Record<string, NDArray>;
    assert.equal(Object.keys(many).length, 66000);
    assert.ok(many["65999"]!.equals(all.bool));
    await assert.rejects(readValue(path("objects.npy")), /^SyntaxError: .*Python objects/);
    await assert.rejects(readValue(path("text.npy")), /^SyntaxError: .*strings/);
  }));

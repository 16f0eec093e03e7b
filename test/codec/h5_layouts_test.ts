import assert from "node:assert/strict";
import { h5 } from "../../src/codec/h5.ts";
import { sourceOf } from "../../src/module/byte_source.ts";
import type { NDArray } from "../../src/module/ndarray.ts";
import { runPython } from "../python.ts";

const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const bytes = (name: string) => Deno.readFile(`${folder}/${name}.h5`);

const makes = `
import sys, numpy as np, h5py
from h5py import h5d, h5s, h5t
def low(f, name, kind, array, shape):
    h5d.create(f.id, name, kind, h5s.create_simple(shape)).write(h5s.ALL, h5s.ALL, array, kind)
f = h5py.File(sys.argv[1] + "/turned.h5", "w")
f["enumeration"] = np.array([0, 258, -1], dtype=h5py.enum_dtype({"A": 0, "B": 258, "C": -1}, basetype=">i4"))
f["wide"] = np.array([2**62], dtype=h5py.enum_dtype({"A": 2**62}, basetype=">i8"))
low(f, b"bits", h5t.STD_B16BE, np.array([258, 3], ">u2"), (2,))
low(f, b"lists", h5t.array_create(h5t.STD_I32BE, (3,)), np.arange(6, dtype=">i4"), (2,))
f.close()
with h5py.File(sys.argv[1] + "/user.h5", "w", userblock_size=512, libver="latest") as f:
    f.create_dataset("filled", shape=(5,), dtype="i4", chunks=(2,), fillvalue=7)
    f.create_dataset("summed", data=np.arange(9).reshape(3, 3), chunks=(2, 2), shuffle=True, compression="gzip", fletcher32=True)
    f["to"] = h5py.SoftLink("/group/x"); f["group/x"] = np.float16(0.5)
for name, what in {
    "latin": np.array([b"\\xe9t\\xe9"]),
    "complex": np.array([1 + 2j]),
    "compound": np.array([(1, 2.0)], dtype=[("index", "i8"), ("values", "f8")]),
}.items():
    with h5py.File(sys.argv[1] + "/" + name + ".h5", "w") as f: f["bad"] = what; f["good"] = np.arange(3)
with h5py.File(sys.argv[1] + "/apart.h5", "w") as f:
    f.create_dataset("bad", (3,), dtype="i4", external=[(sys.argv[1] + "/elsewhere", 0, 12)]); f["good"] = np.arange(3)
open(sys.argv[1] + "/elsewhere", "wb").write(bytes(12))
`;

Deno.test("h5: big-endian enumerations, bits and lists, filters, fill values and links are read as h5py reads them", async () => {
  await runPython(makes, folder);
  const turned = await h5.parse(await bytes("turned")) as Record<string, NDArray>;
  assert.deepEqual([...turned.enumeration!.data], [0, 258, -1]);
  assert.deepEqual([...turned.wide!.data], [2n ** 62n]);
  assert.deepEqual([...turned.bits!.data], [258, 3]);
  assert.deepEqual([turned.lists!.shape, [...turned.lists!.data]], [[2, 3], [0, 1, 2, 3, 4, 5]]);
  const user = await h5.parse(await bytes("user")) as Record<string, NDArray>;
  assert.deepEqual([...user.filled!.data], [7, 7, 7, 7, 7]);
  assert.deepEqual([...user.summed!.data], [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
  assert.deepEqual([user.to!.dtype, user.to!.data[0], user["group/x"]!.data[0]], ["float16", 0.5, 0.5]);
});

Deno.test("h5: an error says what a dataset holds, and that the others can be read", async () => {
  for (
    const [name, message] of [
      ["latin", /"bad": it holds text that is not UTF-8; .*name the others in "only"/],
      ["complex", /"bad" can't be read: it holds complex numbers, .*name the others in "only"/],
      ["compound", /"bad" can't be read: it holds compounds of index, values, .*name the others in "only"/],
      ["apart", /"bad": its data are damaged, or lie in another file/],
    ] as const
  ) {
    const source = sourceOf(await bytes(name));
    await assert.rejects(async () => await h5.read!(source), (error: Error) => {
      assert.ok(error instanceof SyntaxError, `${error}`);
      assert.match(error.message, message);
      return true;
    });
    const archive = await h5.open!(source);
    assert.deepEqual([...(await archive.read("good")).data], [0n, 1n, 2n], name);
    archive.close();
  }
});

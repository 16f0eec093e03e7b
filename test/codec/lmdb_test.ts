import assert from "node:assert/strict";
import "../../src/codec/codecs.ts";
import { lmdb, parse, stringify } from "../../src/codec/lmdb.ts";
import { openFile, sourceOf } from "../../src/module/byte_source.ts";
import { codecFor } from "../../src/module/codec.ts";
import { arrayTypes, type DType, NDArray } from "../../src/module/ndarray.ts";
import { State } from "../../src/module/state.ts";
import { equalValues } from "../../src/module/value.ts";
import { runPython } from "../python.ts";
import { inFolder } from "./temporary.ts";

const fromPython = `
import io, lmdb, numpy as np, sys
folder = sys.argv[1]
def npy(a):
  out = io.BytesIO(); np.save(out, a); return out.getvalue()
def write(name, work, **options):
  env = lmdb.open(f"{folder}/{name}.lmdb", subdir=False, map_size=2**30, **options)
  work(env); env.close()
def put(env, items, **options):
  with env.begin(write=True, **options) as t:
    for key, value in items: t.put(key.encode() if isinstance(key, str) else key, value)
write("empty", lambda env: None)
dtypes = "bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64".split()
write("types", lambda env: put(env, [(name, npy(np.array([[1, 0], [0, 1]]).astype(name))) for name in dtypes]))
write("values", lambda env: put(env, [("text", b"abc"), ("none", b""), ("é字🎉", npy(np.array(np.nan))), (b"\\xff", b"x"),
  ("0-d", npy(np.array(2**63, "u8"))), ("empty", npy(np.zeros((0, 3), "f4"))), ("big", npy(np.arange(3, dtype=">i8"))),
  ("fortran", npy(np.asfortranarray(np.arange(6.0).reshape(2, 3))))]))
write("many", lambda env: put(env, [(f"key-{i:06}", npy(np.array(i))) for i in range(20000)]))
write("long", lambda env: put(env, [(f"k{i}", npy(np.full(10**(i + 1), i, "f4"))) for i in range(6)]))
def edited(env):
  put(env, [(f"{i:05}", npy(np.full(i % 3000, i, "u2"))) for i in range(3000)])
  with env.begin(write=True) as t:
    for i in range(0, 3000, 2): t.delete(f"{i:05}".encode())
  put(env, [(f"{i:05}", npy(np.array([i, i]))) for i in range(0, 3000, 3)])
write("edited", edited)
def named(env):
  put(env, [("a", npy(np.array(1)))])
  put(env, [("x", npy(np.array(2)))], db=env.open_db(b"sub"))
write("named", named, max_dbs=4)
def duplicates(env):
  put(env, [("x", b"1"), ("x", b"2")], db=env.open_db(b"dup", dupsort=True))
write("duplicates", duplicates, max_dbs=4)
`;

const read = async (path: string) => parse(await Deno.readFile(path));
const scalar = (value: number) => new NDArray("int64", [], [BigInt(value)]);
const bytes = (text: string) => new NDArray("uint8", [text.length], new TextEncoder().encode(text));

Deno.test("lmdb: reads what Python's lmdb writes", () =>
  inFolder(async (folder, path) => {
    await runPython(fromPython, folder);
    assert.deepEqual(await read(path("empty.lmdb")), {});
    const types = await read(path("types.lmdb"));
    for (const dtype of Object.keys(arrayTypes) as DType[]) {
      assert.ok(
        types[dtype]!.equals(
          new NDArray(dtype, [2, 2], /64$/.test(dtype) && dtype !== "float64" ? [1n, 0n, 0n, 1n] : [1, 0, 0, 1]),
        ),
      );
    }
    const values = {
      ...{ text: bytes("abc"), none: bytes(""), "0xff": bytes("x"), "é字🎉": new NDArray("float64", [], [NaN]) },
      "0-d": new NDArray("uint64", [], [2n ** 63n]),
      empty: new NDArray("float32", [0, 3]),
      big: new NDArray("int64", [3], [0n, 1n, 2n]),
      fortran: new NDArray("float64", [2, 3], [0, 1, 2, 3, 4, 5]),
    };
    assert.ok(equalValues(await read(path("values.lmdb")), values));
    const many = await read(path("many.lmdb"));
    assert.equal(Object.keys(many).length, 20000);
    assert.ok(many["key-012345"]!.equals(scalar(12345)));
    const long = await read(path("long.lmdb"));
    assert.ok(long.k5!.equals(new NDArray("float32", [10 ** 6], new Float32Array(10 ** 6).fill(5))));
    const edited = await read(path("edited.lmdb"));
    assert.equal(Object.keys(edited).length, 2000);
    assert.ok(edited["00006"]!.equals(new NDArray("int64", [2], [6n, 6n])));
    assert.ok(edited["02999"]!.equals(new NDArray("uint16", [2999], new Uint16Array(2999).fill(2999))));
    assert.ok(equalValues(await read(path("named.lmdb")), { a: scalar(1), "sub/x": scalar(2) }));
    await assert.rejects(
      read(path("duplicates.lmdb")),
      /^SyntaxError: .*database "dup" has several values to a key, which are no named arrays; copy what you need/,
    );
  }));

const check = `
import io, lmdb, numpy as np, sys
path, count = sys.argv[1], int(sys.argv[2])
env = lmdb.open(path, subdir=False, map_size=2**30)
with env.begin() as t:
  assert t.stat()["entries"] == count, t.stat()
  keys = [k for k, _ in t.cursor()]
  assert keys == sorted(keys) and len(keys) == count
  for i in range(0, count, 7):
    a = np.load(io.BytesIO(t.get(f"{i:06}".encode())))
    assert a.dtype == "f4" and a.shape == (i % 1500,) and (a == i).all(), i
# goes on writing: more keys, longer values, fewer keys
with env.begin(write=True) as t:
  for i in range(count): t.put(f"new-{i:06}".encode(), bytes(i % 5000))
with env.begin(write=True) as t:
  for i in range(0, count, 2): assert t.delete(f"{i:06}".encode())
  for i in range(count): assert t.delete(f"new-{i:06}".encode())
with env.begin(write=True) as t:
  t.put(b"last", b"x" * 100000)
env.close()
env = lmdb.open(path, subdir=False, map_size=2**30, readonly=True, lock=False)
with env.begin() as t: print(t.stat()["entries"], len(t.get(b"last")))
`;

Deno.test("lmdb: Python's lmdb reads what we write, and goes on writing to it", () =>
  inFolder(async (_, path) => {
    for (const count of [0, 1, 2, 10, 1000, 20000]) {
      const name = (i: number) => `${i}`.padStart(6, "0");
      const array = (i: number) => new NDArray("float32", [i % 1500], new Float32Array(i % 1500).fill(i));
      const arrays = Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i), array(i)]));
      const file = path(`${count}.lmdb`);
      await Deno.writeFile(file, await stringify(arrays));
      const left = count - Math.ceil(count / 2) + 1;
      assert.equal(await runPython(check, file, `${count}`), `${left} 100000\n`);
      const again = await read(file);
      assert.equal(Object.keys(again).length, left);
      if (count > 7) assert.ok(again[name(7)]!.equals(array(7)));
    }
  }));

Deno.test("lmdb: long keys make deep trees that Python walks", () =>
  inFolder(async (_, path) => {
    const key = (i: number) => `${"k".repeat(500)}${i}`;
    for (const count of [8, 9, 50, 57, 64, 500, 3000]) {
      const arrays = Object.fromEntries(Array.from({ length: count }, (_, i) => [key(i), scalar(i)]));
      await Deno.writeFile(path("deep.mdb"), stringify(arrays));
      const said = await runPython(
        `
import lmdb, sys
env = lmdb.open(sys.argv[1], subdir=False, map_size=2**27)
n = int(sys.argv[2])
with env.begin(write=True) as t:
  assert all(t.get(f"{'k' * 500}{i}".encode()) for i in range(n))
  print(sum(1 for _ in t.cursor()), t.stat()["depth"] > 1)
  for i in range(n): assert t.delete(f"{'k' * 500}{i}".encode())
with env.begin() as t: print(t.stat()["entries"])`,
        path("deep.mdb"),
        `${count}`,
      );
      assert.equal(said, `${count} True\n0\n`);
      await Deno.remove(path("deep.mdb"));
    }
  }));

Deno.test("lmdb: a State there and back, recognised by its content, 100 MB", () =>
  inFolder(async (_, path) => {
    const kernel = new NDArray("float32", [5000, 5000], new Float32Array(25e6).fill(0.5));
    const state = new State({ step: 3, net: new State({ kernel, bias: new NDArray("float64", [1], [NaN]) }) });
    await state.write(path("state.lmdb"));
    assert.ok((await State.read(path("state.lmdb"))).equals(state));
    const source = await openFile(path("state.lmdb"));
    assert.equal(await codecFor("data", await source.read(0, 512)), lmdb);
    const archive = await lmdb.open!(source);
    assert.ok((await archive.read(archive.names.find((name) => name.endsWith("bias"))!)).equals(state.net.bias));
    await assert.rejects(
      archive.read("no"),
      /^RangeError: Cannot read lmdb: it has no array "no"; found are "__value__"/,
    );
    await source.close();
  }));

Deno.test("lmdb: names that no key can be", () => {
  assert.throws(() => lmdb.stringify({ ["k".repeat(512)]: scalar(1) }), /^TypeError: .*takes 512 bytes.* at most 511/);
  assert.throws(() => lmdb.stringify({ "\ud800": scalar(1) }), /^TypeError: .*no Unicode/);
  const arrays = { "": scalar(1), "\0": scalar(2), "\0\0a": scalar(3), ["k".repeat(511)]: scalar(4) };
  assert.ok(equalValues(parse(stringify(arrays)), arrays));
});

/** Page 2 is the only leaf; or leaves follow, and the branch over them is last. */
const sample = (count: number) => {
  const data = stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`key ${i}`, scalar(i)])));
  return { data, view: new DataView(data.buffer), last: data.length - 4096 };
};
const main = 4096 + 88;
const refuses = async (data: Uint8Array, message: RegExp) => {
  assert.throws(() => parse(data), (error: Error) => error instanceof SyntaxError && message.test(error.message));
  await assert.rejects(lmdb.open!(sourceOf(data)), message);
};

Deno.test("lmdb: pages in a circle, and sizes that lie", async () => {
  const { data, view, last } = sample(1000);
  const at = last + view.getUint16(last + 16 + 4, true); // the branch's third child
  view.setUint16(at, last / 4096, true);
  await refuses(data, /reached by two ways/);
  view.setUint16(at, 2, true);
  await refuses(data, /page 2 is reached by two ways/);
  view.setUint16(at, 60000, true);
  await refuses(data, /page 60000 lies outside/);
  view.setUint16(at, 0, true);
  await refuses(data, /page 0 declares -8 nodes/);

  const one = sample(1), node = 2 * 4096 + one.view.getUint16(2 * 4096 + 16, true);
  one.view.setUint32(node, 2 ** 31, true);
  await refuses(one.data, /reaches past its page/);
  one.view.setUint32(node, 128, true);
  one.view.setUint16(2 * 4096 + 12, 4096, true);
  await refuses(one.data, /reaches past|none of a tree|too long/);
  one.view.setUint16(2 * 4096 + 12, 65535, true);
  await refuses(one.data, /declares .* nodes/);

  const many = sample(10);
  many.view.setBigUint64(main + 32, 2n ** 60n, true);
  await refuses(many.data, /declares 1152921504606847000 entries, found 10/);
  many.view.setBigUint64(main + 40, 2n ** 63n, true);
  await refuses(many.data, /lies outside/);
  many.view.setUint32(4096 + 40, 12345, true);
  many.view.setUint32(40, 12345, true);
  await refuses(many.data, /pages should have 12345 bytes/);
});

Deno.test("lmdb: one long value under many keys is no bomb", async () => {
  const long = { a: new NDArray("uint8", [100_000]), b: new NDArray("uint8", [100_000]) };
  const data = stringify(long), view = new DataView(data.buffer), leaf = data.length - 4096;
  const [first, second] = [0, 2].map((i) => leaf + view.getUint16(leaf + 16 + i, true)) as [number, number];
  view.setBigUint64(second + 9, view.getBigUint64(first + 9, true), true);
  await refuses(data, /reached by two ways/);
});

Deno.test("lmdb: the later meta page that is valid counts", () => {
  const { data } = sample(3);
  assert.equal(Object.keys(parse(data)).length, 3);
  data[4096 + 16]! ^= 1; // what is left is the empty file before the transaction
  assert.deepEqual(parse(data), {});
  data[16]! ^= 1;
  assert.throws(() => parse(data), /no meta page/);
  const first = sample(3).data;
  first[16]! ^= 1;
  assert.equal(Object.keys(parse(first)).length, 3);
});

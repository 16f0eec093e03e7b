import assert from "node:assert/strict";
import "../../src/codec/codecs.ts";
import { writeValue } from "../../src/module/file.ts";
import { Module } from "../../src/module/module.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { isState, State } from "../../src/module/state.ts";

const array = (...numbers: number[]) => new NDArray("float32", [numbers.length], numbers);
const state = new State({
  step: 3,
  net: new State({
    dense_1: new State({ kernel: array(1, 2), bias: array(3) }),
    dense_2: new State({ kernel: array(4), bias: array(5) }),
  }),
  random: { key: 5, counter: 1 },
  layers: [new State({ w: array(6) }), new State({ w: array(7) })],
});
const formats = "json yaml npz safetensors h5 lmdb tfrecords pkl".split(" ");

async function written(extension: string, work: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir(), path = `${folder}/state.${extension}`;
  try {
    await state.write(path);
    await work(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const extension of formats) {
  Deno.test(`state part: only and rename, of a .${extension} file`, () =>
    written(extension, async (path) => {
      const dense = await State.read(path, { only: ["net.dense_1", "step"] });
      assert.ok(
        dense.equals(new State({ step: 3, net: new State({ dense_1: state.net.dense_1 }) })),
        Deno.inspect(dense),
      );
      const kernels = await State.read(path, { only: /kernel$/ });
      assert.deepEqual(Object.keys(kernels), ["net"]);
      assert.deepEqual([kernels.net.dense_1.bias, [...kernels.net.dense_2.kernel.data]], [undefined, [4]]);
      const moved = await State.read(path, { rename: { "net.dense_1": "model.first", random: "seed" } });
      assert.ok(isState(moved.model) && isState(moved.model.first) && isState(moved.net), "submodules");
      assert.deepEqual([...moved.model.first.kernel.data], [1, 2]);
      assert.deepEqual([moved.seed, moved.net.dense_1], [{ key: 5, counter: 1 }, undefined]);
      const both = await State.read(path, { rename: { net: "model" }, only: ["model.dense_2.bias"] });
      assert.ok(both.equals(new State({ model: new State({ dense_2: new State({ bias: array(5) }) }) })));
      const called = await State.read(path, { rename: (path) => path.replace("dense_", "layer"), only: /layer2/ });
      assert.ok(called.equals(new State({ net: new State({ layer2: state.net.dense_2 }) })));
      const ofFile = await State.read(path, { only: /^net\.dense_1/, rename: { net: "model" } });
      assert.ok(ofFile.equals(new State({ model: new State({ dense_1: state.net.dense_1 }) })), "paths of the file");
      assert.ok((await State.read(path, { only: "step" })).equals(new State({ step: 3 })), "one path alone");
      const byMap = await State.read(path, { only: ["net.dense_1"], rename: new Map([["net.dense_1", "head"]]) });
      assert.ok(byMap.equals(new State({ head: state.net.dense_1 })));
      assert.equal((await State.read(path, { only: ["layers.1"] })).layers[1].w.data[0], 7);
    }));
}

Deno.test("state part: a path that is not there is named with the nearest", () =>
  written("npz", async (path) => {
    const nearest = (message: RegExp) => ({ name: "RangeError", message });
    await assert.rejects(
      State.read(path, { only: ["net.dense_1.kernle"] }),
      nearest(
        /^Cannot read the state in ".*npz": nothing lies at "net\.dense_1\.kernle"; did you mean "net\.dense_1\.kernel"\?/,
      ),
    );
    await assert.rejects(
      State.read(path, { rename: { "net.dense1": "x" } }),
      nearest(/nothing lies at "net\.dense1"; did/),
    );
    await assert.rejects(
      State.read(path, { only: (() => true) as never }),
      /^TypeError: .*"only" is function; give a path, a list of paths or a RegExp/,
    );
    await assert.rejects(State.read(path, { only: /nothing/ }), nearest(/nothing matches \/nothing\//));
  }));

Deno.test("state part: the rest is not read", async () => {
  const big = new State({ wanted: new State({ w: array(1, 2, 3) }), zeros: new NDArray("uint8", [1_000_000]) });
  const folder = await Deno.makeTempDir();
  for (const extension of ["safetensors", "npz", "h5"]) {
    const path = `${folder}/big.${extension}`;
    await big.write(path);
    const bytes = await Deno.readFile(path);
    const zeros = bytes.findIndex((_, i) => i % 64 === 0 && bytes.subarray(i, i + 200_000).every((byte) => byte === 0));
    const file = await Deno.open(path, { write: true });
    await file.seek(zeros + 100_000, Deno.SeekMode.Start);
    await file.write(new Uint8Array(100_000).fill(255)); // npz has a checksum of it
    file.close();
    const read = await State.read(path, { only: ["wanted"] });
    assert.deepEqual([...read.wanted.w.data], [1, 2, 3], extension);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("state part: a file from elsewhere, by its names, goes into a Module", async () => {
  class Dense extends Module {
    kernel = array(0, 0);
    bias = array(0);
    override invoke() {}
  }
  class Net extends Module {
    first = new Dense();
    override invoke() {}
  }
  const folder = await Deno.makeTempDir();
  const arrays = { "layers/dense/kernel": array(1, 2), "layers/dense/bias": array(3), "optimizer/v": array(9) };
  for (const extension of ["h5", "npz", "safetensors"]) {
    const path = `${folder}/elsewhere.${extension}`;
    const { codecFor } = await import("../../src/module/codec.ts");
    await Deno.writeFile(path, await (await codecFor(path)).stringify(arrays));
    const net = new Net();
    await net.loadState(await State.read(path, { only: ["first"], rename: { "layers.dense": "first" } }));
    assert.deepEqual([[...net.first.kernel.data], [...net.first.bias.data]], [[1, 2], [3]], extension);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("state part: names that stand in each other's way, or that every object has, harm nothing", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/x.npz`;
  const { codecFor } = await import("../../src/module/codec.ts");
  const arrays = Object.fromEntries(
    ["a", "a.b", "__proto__.polluted", "constructor.x"].map((name, i) => [name, array(i)]),
  );
  await Deno.writeFile(path, await (await codecFor(path)).stringify(arrays));
  const read = await State.read(path);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
  assert.deepEqual([read.a.data[0], (read["a.b"] as NDArray).data[0], (read.at("constructor.x") as NDArray).data[0]], [
    0,
    1,
    3,
  ]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("state part: an archive's arrays lie under their natural names", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/x.h5`;
  await state.write(path);
  const { codecFor } = await import("../../src/module/codec.ts");
  const arrays = await (await codecFor(path)).parse(await Deno.readFile(path)) as Record<string, NDArray>;
  const names = ["__value__", "layers/0/w", "layers/1/w", "net/dense_1/bias", "net/dense_1/kernel"];
  assert.deepEqual(Object.keys(arrays).sort().slice(0, 5), names);
  await writeValue(`${folder}/y.npz`, { tree: { w: array(1) } });
  await Deno.remove(folder, { recursive: true });
});

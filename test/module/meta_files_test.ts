import assert from "node:assert/strict";
import { codecs } from "../../src/codec/codecs.ts";
import { Configuration } from "../../src/module/configuration.ts";
import { History } from "../../src/module/history.ts";
import { writeValue } from "../../src/module/file.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { State } from "../../src/module/state.ts";
import { Statistic } from "../../src/module/statistic.ts";
import { Status } from "../../src/module/status.ts";
import { inFolder } from "../codec/temporary.ts";

const tables = ["csv", "tsv", "parquet", "arrow", "feather"], single = ["npy", "idx", "png", "jpg"];
const values = ["json", "yaml", "yml", "pkl", "pickle"];
const archives = ["npz", "safetensors", "h5", "hdf5", "lmdb", "tfrecords"];

const array = (...numbers: number[]) => new NDArray("float32", [numbers.length], numbers);
const state = new State({
  step: 3,
  best: -Infinity,
  big: 2n ** 70n,
  net: new State({
    dense_1: new State({ kernel: array(1, NaN, -0), bias: new NDArray("float16", []) }),
    "odd.key": null,
  }),
  layers: [
    new State({ w: new NDArray("bool", [2], [1, 0]) }),
    new State({ w: new NDArray("int64", [1], [2n ** 63n - 1n]) }),
  ],
  random: { key: 5, counter: 0 },
});
const statistic = new Statistic({
  path: "trainer.looper",
  phase: "train",
  step: 7,
  epoch: 2,
  samples: 70,
  size: 10,
  time: 0.5,
  values: { loss: 0.25, "values.x": NaN, time: -0, "a,b": 1e-300, count: 2 ** 60 },
});

for (const extension of [...values, ...archives]) {
  Deno.test(`meta: State and Configuration come back from .${extension}`, () =>
    inFolder(async (folder) => {
      await state.write(`${folder}/state.${extension}`);
      assert.ok((await State.read(`${folder}/state.${extension}`)).equals(state));
      const configuration = new Configuration({ name: "x", trainer: { looper: { epochs: 3, rates: [1e-7, 0.5] } } });
      await configuration.write(`${folder}/run.${extension}`);
      const read = await Configuration.read(`${folder}/run.${extension}`);
      assert.deepEqual(read.toJSON(), configuration.toJSON());
    }));
}

for (const extension of [...values, ...archives, ...tables]) {
  Deno.test(`meta: Statistic comes back from .${extension}`, () =>
    inFolder(async (folder) => {
      await statistic.write(`${folder}/s.${extension}`);
      assert.deepEqual(await Statistic.read(`${folder}/s.${extension}`), statistic);
    }));
}

Deno.test("meta: what a format can't hold is said before anything is written", () =>
  inFolder(async (folder) => {
    for (const extension of [...tables, ...single]) {
      const path = `${folder}/x.${extension}`;
      const message = new RegExp(`^Cannot write ${extension}: a State is nested, it holds .*; write it as \\.json, `);
      await assert.rejects(state.write(path), { name: "TypeError", message });
      await assert.rejects(new Configuration({ name: "x" }).write(path), /a Configuration is nested/);
    }
    for (const extension of single) {
      await assert.rejects(History.empty.write(`${folder}/x.${extension}`), /a History is nested/);
      await assert.rejects(statistic.write(`${folder}/x.${extension}`), /a Statistic is nested/);
    }
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("meta: every format is tried", () => {
  const rest = ["gz", "jpeg", "mdb", "tfrecord"]; // the same under another name
  const known = [...values, ...archives, ...tables, ...single, ...rest];
  assert.deepEqual([...codecs.keys()].filter((extension) => !known.includes(extension)), []);
});

Deno.test("meta: a file of something else is an error, not a Statistic or a History", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/x.json`, '{"phase": "train", "step": "one"}');
    await assert.rejects(
      Statistic.read(`${folder}/x.json`),
      /^SyntaxError: Cannot read ".*x.json" as a Statistic: it has one for its step/,
    );
    await Deno.writeTextFile(`${folder}/x.csv`, "phase,step,epoch\ntrain,1,1\n,2,1\n");
    await assert.rejects(
      History.read(`${folder}/x.csv`),
      /^SyntaxError: Cannot read ".*x.csv" as a Statistic: row 1 has no phase/,
    );
    await assert.rejects(Statistic.read(`${folder}/x.csv`), /it has 2 rows; read a History from it/);
    await Deno.writeTextFile(`${folder}/h.json`, '{"format": "ptutils.history", "length": 1e15, "tables": [{}]}');
    await assert.rejects(
      History.read(`${folder}/h.json`),
      /^SyntaxError: Cannot read ".*h.json" as a History: a table lacks columns/,
    );
    await Deno.writeTextFile(`${folder}/s.json`, '{"format": "ptutils.state", "tree": 1}');
    await assert.rejects(State.read(`${folder}/s.json`), /^SyntaxError: Cannot read ".*s.json" as a State/);
    await Deno.writeTextFile(`${folder}/cut.csv`, "a,b\n1,2\n3\n");
    for (const kind of [State, Configuration, History, Statistic, Status]) {
      await assert.rejects(
        kind.read(`${folder}/cut.csv`),
        /^SyntaxError: Cannot read ".*cut.csv" as csv: line 3 has 1/,
      );
      await writeValue(`${folder}/other.npy`, new NDArray("uint8", [2]));
      const wanted = new RegExp(
        `^Cannot read ".*other.npy" as a ${kind.name}: .*; |^Cannot .* as a ${kind.name}: .*, it takes`,
      );
      await assert.rejects(kind.read(`${folder}/other.npy`), ({ message, stack }: Error) => {
        assert.match(message, wanted);
        return stack!.includes(message);
      });
    }
  }));

import assert from "node:assert/strict";
import { DataLoader, MapDataset, QueryDataset, RowDataset, Session, ShuffleDataset, SplitDataset } from "../../mod.ts";

const fails = (make: () => unknown, message: RegExp) => assert.throws(make, { name: "TypeError", message });

Deno.test("options: names that others have for an option lead to ours", async () => {
  const dataset = "Digits" as const, part = "train";
  fails(() => new SplitDataset({ dataset, part, stratified: true } as never), /"stratified"; write by: "classes"/);
  fails(
    () => new SplitDataset({ dataset, part, fraction: 0.5 } as never),
    /write parts: \{ train: 0.8, test: 0.2 \} and/,
  );
  fails(() => new SplitDataset({ dataset, part, key: () => 1 } as never), /write by: \(item\) => key/);
  fails(() => new MapDataset({ dataset, map: () => 1 } as never), /unknown key "map"; write transform/);
  fails(() => new ShuffleDataset({ dataset, seed: 3 } as never), /write no seed: .* dataset\.random\.seed\(7, ""\)/);
  fails(() => new DataLoader({ shuffle: true } as never), /write sampler: "Shuffled" beside the dataLoader/);
  fails(() => new DataLoader({ batchsize: 3 } as never), /"batchsize"; did you mean "batchSize"/);
  await assert.rejects(
    Session.configure(
      { name: "x", dataProvider: { datasets: { train: { MapDataset: { dataset, fn: 1 } } } } } as never,
    ),
    /dataProvider\.datasets\.train\.MapDataset: unknown key "fn"; write transform/,
  );
});

Deno.test("options: of alternatives all are told, and what was found in words", () => {
  fails(
    () => new RowDataset({ rows: [{ a: 1 }], target: 3 } as never),
    /target: expected a name, or a list of names, found 3/,
  );
  fails(
    () => new SplitDataset({ dataset: "Digits", part: "train", seed: null } as never),
    /expected number or string, found null/,
  );
  fails(() => new DataLoader({ pad: /x/ } as never), /pad: expected boolean or number, found \/x\//);
  fails(() => new DataLoader({ pad: new Map() } as never), /pad: expected boolean or number, found a Map/);
  fails(
    () => new QueryDataset({ query: { collection: "c", were: {} } } as never),
    /query: unknown key "were"; did you mean "where"/,
  );
});

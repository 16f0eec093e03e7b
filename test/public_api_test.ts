import assert from "node:assert/strict";
import { type Import, moduleGraph, packageOf } from "./module_graph.ts";

/**
 * The names that mod.ts exports, types last. After a change that is meant, write them anew:
 *
 *     deno run -A test/public_api_test.ts --update
 */
const names: string[] = [
  "Accuracy",
  "Adadelta",
  "Adagrad",
  "Adam",
  "AdamW",
  "Adamax",
  "AlphaDropout",
  "ArrayDataset",
  "BatchDataset",
  "BinaryCrossentropy",
  "CacheDataset",
  "Callback",
  "CategoricalCrossentropy",
  "CategoricalHinge",
  "ConcatenateDataset",
  "Configuration",
  "CosineDecay",
  "CosineSimilarity",
  "Criterion",
  "DBInterface",
  "DataLoader",
  "DataProvider",
  "DataReader",
  "Dataset",
  "Digits",
  "Dropout",
  "EarlyStopping",
  "ExponentialDecay",
  "FileDataset",
  "GaussianDropout",
  "GaussianNoise",
  "Hinge",
  "History",
  "Huber",
  "ImageFolderDataset",
  "IterableDataset",
  "KLDivergence",
  "Layer",
  "LinearWarmup",
  "ListDataset",
  "LogCosh",
  "Looper",
  "LowdbStore",
  "MapDataset",
  "MeanAbsoluteError",
  "MeanAbsolutePercentageError",
  "MeanError",
  "MeanSquaredError",
  "MeanSquaredLogarithmicError",
  "MemoryStore",
  "Metric",
  "MirroredStore",
  "Mixture",
  "MixtureDataset",
  "Model",
  "ModelCheckpoint",
  "Module",
  "Momentum",
  "MongoStore",
  "Monitor",
  "NDArray",
  "NaNDetector",
  "Nadam",
  "Net",
  "ObjectStorage",
  "ObservableDataset",
  "Optimizer",
  "Parameter",
  "PiecewiseConstant",
  "Poisson",
  "PolynomialDecay",
  "PostgresStore",
  "Progress",
  "QueryDataset",
  "RMSProp",
  "Random",
  "ReduceLROnPlateau",
  "RepeatDataset",
  "ResampleDataset",
  "RowDataset",
  "S3Blobs",
  "Sampler",
  "Schedule",
  "Sequential",
  "Session",
  "Sgd",
  "ShuffleDataset",
  "Shuffled",
  "SparseCategoricalCrossentropy",
  "SpatialDropout",
  "SplitDataset",
  "SqlDataset",
  "SqliteStore",
  "SquaredHinge",
  "State",
  "Statistic",
  "Status",
  "StepDecay",
  "SubsetDataset",
  "TakeDataset",
  "TfLayer",
  "TopK",
  "Trainer",
  "View",
  "ZipDataset",
  "after",
  "before",
  "chart",
  "checkpoint",
  "codecFor",
  "codecs",
  "confusionMatrix",
  "copyRuns",
  "every",
  "fail",
  "histograms",
  "imageGrid",
  "isAction",
  "isLeaf",
  "isModule",
  "isState",
  "keep",
  "leafBrand",
  "loadTf",
  "on",
  "once",
  "openFile",
  "params",
  "register",
  "resolveBackend",
  "restore",
  "runTable",
  "saveWeights",
  "set",
  "signatures",
  "skip",
  "slot",
  "sourceOf",
  "stop",
  "tf",
  "verificationText",
  "verify",
  "type Access",
  "type AccessRequest",
  "type Action",
  "type Archive",
  "type Axis",
  "type Batch",
  "type Batches",
  "type BlockOptions",
  "type ByteSource",
  "type ChartOptions",
  "type Charted",
  "type Checkpoint",
  "type CheckpointMeta",
  "type Codec",
  "type Combine",
  "type CopyOptions",
  "type CopyReport",
  "type Course",
  "type DType",
  "type Description",
  "type Difference",
  "type Document",
  "type Draw",
  "type Event",
  "type Experiment",
  "type Item",
  "type IterateOptions",
  "type JournalEntry",
  "type Json",
  "type KeyOf",
  "type LayerDescription",
  "type Leaf",
  "type Load",
  "type LoadOptions",
  "type LoadReport",
  "type Loaded",
  "type Mode",
  "type NotebookRecord",
  "type NotebookRun",
  "type Only",
  "type ParameterOptions",
  "type Payload",
  "type Phase",
  "type Point",
  "type ReadOptions",
  "type Rename",
  "type Reopening",
  "type Resolved",
  "type Round",
  "type Run",
  "type Run as ChartedRun",
  "type RunDocument",
  "type RunOptions",
  "type RunQuery",
  "type RunRecord",
  "type RunTableOptions",
  "type RunViewOptions",
  "type Runs",
  "type Series",
  "type SeriesChoice",
  "type SeriesOptions",
  "type Signature",
  "type Source",
  "type StatePart",
  "type StatisticFields",
  "type StatusOf",
  "type StatusSnapshot",
  "type Step",
  "type StreamCallback",
  "type StreamOptions",
  "type SyncCodec",
  "type TF",
  "type Target",
  "type TrainingData",
  "type Transform",
  "type TypedArray",
  "type Value",
  "type Values",
  "type Verification",
  "type Work",
];

const update = "if that is meant, run: deno run -A test/public_api_test.ts --update";

/** The names that mod.ts exports now: the values, then the types. */
async function exported(): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("../mod.ts", import.meta.url));
  const types = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, all, list]) =>
    list!.split(",").map((name) => name.trim()).filter((name) => name !== "" && (all || name.startsWith("type ")))
  ).map((name) => `type ${name.replace(/^type /, "")}`);
  return [...Object.keys(await import("../mod.ts")).sort(), ...types.sort()];
}

/** Writes the names into this file. */
async function updateNames(): Promise<void> {
  const file = new URL(import.meta.url);
  const text = await Deno.readTextFile(file);
  const lines = (await exported()).map((name) => `  "${name}",\n`).join("");
  await Deno.writeTextFile(
    file,
    text.replace(/(const names(?:: string\[\])? = \[\n)[^\]]*(\];)/, (_, begin, end) => begin + lines + end),
  );
}

/** What is loaded with a file: its imports of values, and theirs, but not those by import(). */
async function loadedWith(entry: string): Promise<{ from: string; what: Import }[]> {
  const graph = await moduleGraph(entry), seen = new Set([entry]);
  const loaded: { from: string; what: Import }[] = [];
  for (const from of seen) {
    for (const what of graph.get(from) ?? []) {
      if (what.typeOnly || what.dynamic) continue;
      loaded.push({ from, what });
      seen.add(what.to);
    }
  }
  return loaded;
}

Deno.test("public API: mod.ts exports these names", async () => {
  const found = await exported();
  const gone = names.filter((name) => !found.includes(name)), come = found.filter((name) => !names.includes(name));
  const list = (what: string, changed: string[]) => changed.length > 0 ? `${what} ${changed.join(", ")}; ` : "";
  assert.deepEqual(found, names, `mod.ts ${list("exports no more", gone)}${list("exports besides", come)}${update}`);
});

Deno.test("public API: importing mod.ts loads no heavy package", async () => {
  const loaded = await loadedWith("mod.ts");
  const heavy = loaded.filter(({ what }) => /^(@tensorflow\/|@jupyterlab\/|plotly)/.test(packageOf(what) ?? ""));
  assert.deepEqual(heavy.map(({ from, what }) => `${from} loads ${what.to}`), []);
  const packages = new Set(loaded.map(({ what }) => packageOf(what)).filter((name) => name !== undefined));
  assert.ok(packages.has("rxjs") && packages.has("zod"), "packages are recognised");
});

if (import.meta.main && Deno.args.includes("--update")) await updateNames();

import { NDArray } from "../../mod.ts";
import type { Value } from "../../src/module/value.ts";

/** One row of the table. */
export interface FormatCase {
  /** The extension, and what sets the case apart from others of it; the worker knows the case by this name. */
  readonly name: string;
  readonly title: string;
  /** Python's way. */
  readonly against: string;
  /** Most times Python's time. */
  readonly aim?: number;
  /** What we write. */
  make(): Value | Promise<Value>;
  /** That only reading is compared, of what the worker writes under this name. */
  readonly onlyReads?: string;
  /** That columns are read, not rows. */
  readonly asColumns?: boolean;
}

const megabytes = 100, recordCount = 100_000;

/** The same numbers from 0 to 1 as the worker's. */
function noise(size: number, first = 0): Float32Array {
  const values = new Float32Array(size), step = 2654435761;
  for (let i = 0, bits = Math.imul(first, step) >>> 0; i < size; i++) {
    values[i] = bits / 2 ** 32;
    bits = (bits + step) >>> 0;
  }
  return values;
}

function arrays(): Record<string, NDArray> {
  const size = megabytes * 250_000 / 4;
  return Object.fromEntries(
    [0, 1, 2, 3].map((i) => [`layer${i}/kernel`, new NDArray("float32", [size / 2500, 2500], noise(size, i))]),
  );
}

function columns(): Record<string, NDArray> {
  const size = megabytes * 12_500, names = Array.from({ length: 10 }, (_, i) => `c${i}`);
  return Object.fromEntries(
    names.map((name, i) => [name, new NDArray("float64", [size], Float64Array.from(noise(size, i)))]),
  );
}

function records(): Value {
  const values = noise(recordCount);
  return Array.from(
    values,
    (weight, i) => ({ id: i, label: i % 10, weight, name: `item ${i}`, even: i % 2 === 0 }),
  );
}

function examples(): Value {
  const values = noise(recordCount * 16);
  return Array.from({ length: recordCount }, (_, i) => ({
    label: i % 10,
    name: `item ${i}`,
    features: new NDArray("float32", [16], values.slice(i * 16, i * 16 + 16)),
  }));
}

const matrix = () => new NDArray("float32", [megabytes * 50, 5000], noise(megabytes * 250_000));
const four = `${megabytes} MB in four arrays`, doubles = `${megabytes} MB in ten float64 columns`;
const rows = `${recordCount.toLocaleString("en")} records`, aim = 1.5;

/** What is compared, in the table's order. */
export const formatCases: readonly FormatCase[] = [
  { name: "npy", title: `${megabytes} MB, one array`, against: "numpy", aim, make: matrix },
  { name: "npz", title: `${four}, uncompressed`, against: "numpy", aim, make: arrays },
  { name: "safetensors", title: four, against: "safetensors.numpy", aim, make: arrays },
  { name: "h5", title: four, against: "h5py", make: arrays },
  { name: "lmdb", title: four, against: "lmdb", make: arrays },
  { name: "pkl", title: four, against: "pickle of numpy arrays", make: arrays },
  { name: "idx", title: `${megabytes} MB, one array of bytes`, against: "numpy, by hand", make: images },
  {
    name: "tfrecords",
    title: `${rows}, read as columns`,
    against: "tensorflow, batches of 1,024 parsed in C++",
    aim,
    make: examples,
    asColumns: true,
  },
  {
    name: "tfrecords-rows",
    title: rows,
    against: "tensorflow, one by one",
    aim,
    make: examples,
    onlyReads: "tfrecords",
  },
  { name: "parquet", title: doubles, against: "pyarrow, as columns", aim, make: columns, asColumns: true },
  { name: "parquet-records", title: rows, against: "pyarrow, from and to a list of rows", aim, make: records },
  { name: "arrow", title: doubles, against: "pyarrow, as columns", make: columns, asColumns: true },
  { name: "csv", title: rows, against: "csv, values left as text", make: records },
  { name: "csv-frame", title: rows, against: "pandas, as columns", make: records },
];

function images(): NDArray {
  const count = Math.floor(megabytes * 1_000_000 / 784);
  return new NDArray("uint8", [count, 28, 28], Uint8Array.from({ length: count * 784 }, (_, i) => i % 251));
}

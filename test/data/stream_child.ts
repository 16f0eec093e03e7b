/** Streams a file, or makes a data set of it, and prints how much it held, and the most memory that this process took. */
import { DataReader } from "../../src/data/data_reader.ts";
import { FileDataset } from "../../src/data/file_dataset.ts";
import { isNDArray } from "../../src/module/ndarray.ts";

const [how, path] = Deno.args as [string, string];

/** Bytes of resident memory, at its most. */
function peak(): number {
  const [, kilobytes] = /VmHWM:\s*(\d+) kB/.exec(Deno.readTextFileSync("/proc/self/status"))!;
  return Number(kilobytes) * 1024;
}

async function stream(): Promise<{ items: number; bytes: number }> {
  let items = 0, bytes = 0;
  const count = (record: Record<string, unknown>) => {
    for (const name in record) bytes += isNDArray(record[name]) ? record[name].bytes.length : 8;
  };
  for await (const block of new DataReader().stream(path)) {
    if (Array.isArray(block)) block.forEach(count);
    else count(block);
    items += Array.isArray(block) ? block.length : block.x.shape[0];
  }
  return { items, bytes };
}

async function load(): Promise<{ items: number; bytes: number }> {
  const dataset = await FileDataset.configure({ path, input: "x", target: "y", memory: 2 ** 24 });
  let bytes = 0;
  for (let i = 0; i < dataset.size; i += 64) {
    bytes += (await dataset.gather([i, dataset.size - 1 - i])).input.bytes.length;
  }
  return { items: dataset.size, bytes };
}

const before = peak();
const start = performance.now();
const found = await (how === "stream" ? stream() : load());
console.log(JSON.stringify({ ...found, before, peak: peak(), seconds: (performance.now() - start) / 1000 }));

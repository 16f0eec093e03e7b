import { codecFor } from "../../src/codec/codecs.ts";
import { openFile } from "../../src/module/byte_source.ts";
import { isNDArray } from "../../src/module/ndarray.ts";
import { isRecord, type Value } from "../../src/module/value.ts";

/**
 * Reads a file block by block (or the arrays of the names given, one by one), in a process of its own, and prints how many
 * bytes its arrays had and the most memory that this process took, in bytes.
 */
const [path, ...only] = Deno.args;
const source = await openFile(path!), codec = await codecFor(path!, await source.read(0, 512));

function bytesIn(value: Value): number {
  if (isNDArray(value)) return value.data.byteLength;
  if (!isRecord(value) && !Array.isArray(value)) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + bytesIn(item as Value), 0);
}

let bytes = 0, blocks = 0;
if (only.length > 0) {
  const archive = await codec.open!(source);
  for (const name of only) bytes += bytesIn(await archive.read(name));
} else {
  for await (const block of codec.blocks!(source)) {
    bytes += bytesIn(block);
    blocks++;
  }
}
await source.close();
const peak = /VmHWM:\s*(\d+) kB/.exec(Deno.readTextFileSync("/proc/self/status"))![1]!;
console.log(JSON.stringify({ bytes, blocks, peak: Number(peak) * 1024 }));

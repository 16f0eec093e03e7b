/**
 * The loop of `fuzz_test.ts`, in a process that may read its samples and nothing else:
 * `child.ts FORMAT FOLDER SEED COUNT [tell]`. Prints a line a failure, and `done` with what it counted; with `tell`
 * each file before it is read, which shows the one that never ends.
 */
import { encodeBase64 } from "../../../src/module/base64.ts";
import { sourceOf } from "../../../src/module/byte_source.ts";
import { type Codec, codecFor } from "../../../src/codec/codecs.ts";
import { Random } from "../../../src/module/random.ts";
import { isValue } from "../../../src/module/value.ts";
import { workDone } from "../hostile/confined.ts";
import { isRefusal } from "../hostile/refusal.ts";
import { mutate } from "./mutate.ts";
import { reseal } from "./reseal.ts";

const [format, folder, seed, count, tell] = Deno.args as [string, string, string, string, string?];
const codec = await codecFor(`x.${format}`);
const random = new Random(seed, format);
const samples = [...Deno.readDirSync(folder)].map(({ name }) => name).sort().map((name) =>
  Deno.readFileSync(`${folder}/${name}`)
);
/** Milliseconds of work for one reading; bytes kept after all of them. */
const patience = 10_000, leak = 128 * 2 ** 20;

/** Every way to read a codec's bytes. */
const ways: Record<string, (codec: Codec, bytes: Uint8Array) => Promise<void>> = {
  parse: async (codec, bytes) => check(await codec.parse(bytes)),
  read: async (codec, bytes) => check(await codec.read!(sourceOf(bytes))),
  open: async (codec, bytes) => {
    const archive = await codec.open!(sourceOf(bytes));
    try {
      for (const name of archive.names.slice(0, 50)) check(await archive.read(name));
    } finally {
      archive.close();
    }
  },
  blocks: async (codec, bytes) => {
    let blocks = 0;
    for await (const block of codec.blocks!(sourceOf(bytes), { rows: 7 })) {
      check(block);
      if (++blocks > 1000) break;
    }
  },
};
const known = Object.keys(ways).filter((way) => way === "parse" || codec[way as "open"] !== undefined);

function check(value: unknown): void {
  if (!isValue(value)) throw new TypeError(`it gave what is no Value: ${Deno.inspect(value).slice(0, 200)}`);
}

/** Bytes that are kept when all is let go that can be; some of it is only between two turns of the loop. */
async function kept(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    (globalThis as unknown as { gc(): void }).gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

let read = 0, refused = 0, failed = 0, before = 0, slowest = 0;
for (let i = 0; i < Number(count) && failed < 5; i++) {
  const sample = samples[random.below(samples.length)]!, mutant = mutate(sample, random, samples);
  const bytes = random.below(2) === 0 ? mutant : reseal(format, mutant), way = known[random.below(known.length)]!;
  if (tell !== undefined) console.log(`at ${i} by ${way}: ${encodeBase64(bytes)}`);
  const start = workDone();
  const fail = (what: string) => {
    failed++;
    console.log(`failed ${i} by ${way}: ${what}\n  ${encodeBase64(bytes.subarray(0, 3000))}`);
  };
  try {
    await ways[way]!(codec, bytes);
    read++;
  } catch (error) {
    refused++;
    const { name, message, stack } = error as Error;
    if (!isRefusal(error)) {
      fail(`${name}: ${message}\n${stack?.split("\n").slice(0, 6).join("\n")}`);
    }
  }
  const ms = workDone() - start;
  slowest = Math.max(slowest, ms);
  if (ms > patience) fail(`it took ${ms.toFixed(0)} ms of work`);
  if (i === 100) before = await kept();
  if (i % 100 === 99) console.log(`at ${i}`);
}
const grown = await kept() - before;
if (before > 0 && grown > leak) {
  failed++;
  console.log(`failed: it keeps ${grown} bytes after ${count} files`);
}
console.log(`done ${JSON.stringify({ read, refused, failed, slowest: Math.round(slowest) })}`);
Deno.exit(failed === 0 ? 0 : 1);

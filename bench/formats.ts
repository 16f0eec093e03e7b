import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Codec, codecFor, DataReader } from "../mod.ts";
import { writeParts } from "../src/module/atomic_write.ts";
import { openFile } from "../src/module/byte_source.ts";
import type { Value } from "../src/module/value.ts";
import { python } from "../test/python.ts";
import { type FormatCase, formatCases } from "./formats/cases.ts";
import { median } from "./measure.ts";
import { Peer } from "./speed/peer.ts";

/** Milliseconds of each round. */
interface Times {
  readonly ours: number[];
  readonly theirs: number[];
}

/**
 * Reads and writes the same files as Python's own libraries, in turns, in one run. Files lie on one disk and in its
 * cache; neither side waits until what it wrote is on the disk. Python is timed inside its process. Rows of a table in
 * Markdown: medians, and the ratios of medians and of the best.
 */
export async function benchFormats(names: readonly string[] = []): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "formats-" });
  const peer = await startPython();
  const lines = [
    "| format | what | against | reads, ms | Python | ratio (of the best) | writes, ms | Python | ratio (of the best) | aim |",
    "|---|---|---|---|---|---|---|---|---|---|",
  ];
  try {
    for (const found of formatCases) {
      if (names.length > 0 && !names.includes(found.name)) continue;
      lines.push(await row(found, folder, peer).catch((error: Error) => notMeasured(found, error)));
    }
  } finally {
    await peer.stop();
    await rm(folder, { recursive: true });
  }
  return lines;
}

async function startPython(): Promise<Peer> {
  const worker = new URL("./formats/worker.py", import.meta.url).pathname;
  return await Peer.start(Deno.env.get("PTUTILS_BENCH_PYTHON") ?? await python(), [worker], {
    TF_CPP_MIN_LOG_LEVEL: "3",
  });
}

async function row({ name, title, against, aim, make, onlyReads, asColumns }: FormatCase, folder: string, peer: Peer) {
  const extension = name.split("-")[0], paths = ["theirs", "ours"].map((who) => join(folder, `${who}.${extension}`));
  const [theirs, ours] = paths as [string, string];
  try {
    await peer.ask(`write ${onlyReads ?? name} ${theirs}`);
    const reader = new DataReader(), read = () => asColumns ? readColumns(theirs) : reader.read(theirs);
    const reading = await compare(read, () => peer.ask(`read ${name} ${theirs}`));
    const cells = [title, against, ...cellsOf(reading)];
    if (onlyReads !== undefined) return tableRow(name, [...cells, "", "", "", aim === undefined ? "" : `${aim}`]);
    const value = await make(), codec = await codecFor(ours);
    const writing = await compare(
      () => write(ours, codec, value),
      () => peer.ask(`write ${name} ${theirs}`),
      async () => void await Promise.all(paths.map((path) => rm(path, { force: true }))),
    );
    return tableRow(name, [...cells, ...cellsOf(writing), aim === undefined ? "" : `${aim}`]);
  } finally {
    await Promise.all(paths.map((path) => rm(path, { force: true })));
  }
}

async function readColumns(path: string): Promise<unknown> {
  const source = await openFile(path);
  try {
    return await (await codecFor(path)).columns!(source);
  } finally {
    await source.close();
  }
}

/** As `writeValue` writes, but for waiting until it is on the disk. */
async function write(path: string, codec: Codec, value: Value): Promise<void> {
  const parts = await (codec.parts?.(value) ?? codec.stringify(value));
  const file = await open(path, "w");
  await writeParts(file, parts);
  await file.close();
}

/** Both in turns: after a round that doesn't count, as many as fit into some seconds, three at least. */
async function compare(
  ours: () => Promise<unknown>,
  theirs: () => Promise<number>,
  prepare = () => Promise.resolve(),
): Promise<Times> {
  const times: Times = { ours: [], theirs: [] };
  const started = performance.now();
  for (let round = -1; round < 3 || (round < 11 && performance.now() - started < 4000); round++) {
    await prepare();
    await letGo();
    const start = performance.now();
    await ours();
    const own = performance.now() - start;
    const other = await theirs();
    if (round < 0) continue;
    times.ours.push(own);
    times.theirs.push(other);
  }
  return times;
}

function cellsOf({ ours, theirs }: Times): string[] {
  const ratio = (of: (times: readonly number[]) => number) => (of(ours) / of(theirs)).toFixed(2);
  const best = (times: readonly number[]) => Math.min(...times);
  return [median(ours).toFixed(1), median(theirs).toFixed(1), `${ratio(median)} (${ratio(best)})`];
}

/** Python lets go of what it read when its clock has stopped; V8 gives the memory back beside, a moment later. */
async function letGo(): Promise<void> {
  (globalThis as { gc?: () => void }).gc?.();
  await delay(100);
}

const tableRow = (name: string, cells: readonly string[]): string =>
  `| .${name.split("-")[0]} | ${cells.join(" | ")} |`;

const notMeasured = ({ name, title }: FormatCase, { message }: Error): string =>
  tableRow(name, [title, `not measured: ${message.split("\n")[0]}`]);

if (import.meta.main) {
  console.log((await benchFormats(Deno.args)).join("\n"));
  Deno.exit(0);
}

import { open } from "node:fs/promises";
import { LowdbStore, NDArray } from "../mod.ts";
import { interleave, median } from "./measure.ts";

const tensors = 20;
const elements = 1_310_720; // 5 MiB of float32

/** A checkpoint of 100 MB against writing and syncing the same bytes plainly; how long it holds up the loop. */
export async function benchStore(): Promise<string[]> {
  const path = await Deno.makeTempDir();
  const run = await new LowdbStore({ path }).runs.create({
    id: "bench",
    name: "bench",
    created: new Date().toISOString(),
    phase: "running",
    configuration: {},
    provenance: {},
  });
  let round = 0, sequence = 0, stalls: number[] = [];
  const fresh = (): Record<string, NDArray> => {
    round++;
    const array = (i: number) => new NDArray("float32", [elements], new Float32Array(elements).fill(round + i / 100));
    return Object.fromEntries(Array.from({ length: tensors }, (_, i) => [`t${i}`, array(i)]));
  };
  let tree = fresh();
  const save = async () => {
    const blocked = watchLoop();
    run.append({ sequence: ++sequence, time: Date.now(), trigger: "end_of_epoch", path: "", payload: {} });
    await run.save({ sequence, step: 1, epoch: 1, time: new Date().toISOString(), reason: "bench", tree });
    stalls.push(blocked());
  };
  const result = await interleave({
    prepare: async () => {
      await Deno.remove(`${path}/plain-${round}`).catch(() => {});
      await run.remove((await run.checkpoints()).map(({ sequence }) => sequence));
      tree = fresh();
    },
    checkpoint: save,
    again: save,
    plain: () => writePlainly(`${path}/plain-${round}`, Object.values(tree)),
  }, 11);
  stalls = stalls.slice(2).filter((_, i) => i % 2 === 0);
  await run.close();
  await Deno.remove(path, { recursive: true });
  return [
    `checkpoint of 100 MB: ${result.checkpoint!.ms.toFixed(0)} ms, plainly written and synced ${
      result.plain!.ms.toFixed(0)
    } ms, ratio ${result.checkpoint!.ratio.toFixed(2)} (at most 1.3)`,
    `the same again, unchanged: ${result.again!.ms.toFixed(1)} ms`,
    `longest stall of the loop while saving: median ${median(stalls).toFixed(1)} ms`,
    ...await benchJournal(),
  ];
}

async function benchJournal(): Promise<string[]> {
  const path = await Deno.makeTempDir(), lines = 1_000_000;
  const { runs } = new LowdbStore({ path });
  const record = { id: "journal", name: "journal", created: "", phase: "running", configuration: {}, provenance: {} };
  const run = await runs.create(record);
  for (let i = 1; i <= lines; i++) {
    const payload = {
      phase: "train",
      step: i,
      epoch: 1,
      size: 32,
      samples: 32 * i,
      time: i / 100,
      values: { loss: 1 / i },
    };
    run.append({ sequence: i, time: 1_700_000_000_000 + i, trigger: "statistic", path: "trainer.looper", payload });
    if (i % 10_000 === 0) await run.flush();
  }
  await run.close();
  let started = performance.now();
  const again = await runs.open("journal", { readonly: true });
  const opened = performance.now() - started;
  started = performance.now();
  let count = 0;
  for await (const _ of again.entries()) count++;
  const read = performance.now() - started;
  await again.close();
  await Deno.remove(path, { recursive: true });
  const rate = (ms: number) => (count / ms * 1000).toLocaleString("en", { maximumFractionDigits: 0 });
  return [
    `journal of ${count} lines: opened at ${rate(opened)} lines/s, read at ${rate(read)} lines/s (at least 200,000)`,
  ];
}

async function writePlainly(path: string, arrays: readonly NDArray[]): Promise<void> {
  const file = await open(path, "w");
  for (const array of arrays) await file.write(array.bytes);
  await file.sync();
  await file.close();
}

/** Measures the longest time between two turns of the event loop. */
function watchLoop(): () => number {
  let last = performance.now(), longest = 0, ended = false;
  const tick = () => {
    const now = performance.now();
    [longest, last] = [Math.max(longest, now - last), now];
    if (!ended) setTimeout(tick, 0);
  };
  setTimeout(tick, 0);
  return () => {
    ended = true;
    return Math.max(longest, performance.now() - last);
  };
}

if (import.meta.main) console.log((await benchStore()).join("\n"));

import { scan } from "rxjs";
import { History, Module, Statistic } from "../mod.ts";
import { interleave } from "./measure.ts";

const count = 1_000_000;

class Source extends Module {}

/** A million Statistics of three values through `statistics$` into a History, against pushing the same rows to arrays. */
export async function benchStatistics(): Promise<string[]> {
  const fields = (i: number) => ({
    phase: "train",
    step: i + 1,
    epoch: 1 + (i >> 10),
    samples: 32 * i,
    size: 32,
    time: i / 1000,
    values: { loss: 1 / i, accuracy: i / count, rate: 0.001 },
  });
  let history = History.empty;
  const result = await interleave({
    stream: () => {
      const source = new Source();
      const subscription = source.statistics$.pipe(scan(History.append, History.empty)).subscribe((h) => history = h);
      for (let i = 0; i < count; i++) source.record(fields(i));
      subscription.unsubscribe();
    },
    arrays: () => {
      const columns: number[][] = Array.from({ length: 8 }, () => []);
      for (let i = 0; i < count; i++) {
        const { step, epoch, samples, size, time, values } = fields(i);
        columns[0]!.push(step);
        columns[1]!.push(epoch);
        columns[2]!.push(samples);
        columns[3]!.push(size);
        columns[4]!.push(time);
        columns[5]!.push(values.loss);
        columns[6]!.push(values.accuracy);
        columns[7]!.push(values.rate);
      }
    },
  }, 5);
  return [
    `a million Statistics of three values: ${result.stream!.ms.toFixed(0)} ms, plain arrays ${
      result.arrays!.ms.toFixed(0)
    } ms, ratio ${result.stream!.ratio.toFixed(2)} (at most 2)`,
    `bytes each: ${(await bytesEach()).toFixed(1)} (at most 60)`,
    `ms for 10,000 Statistics, the first and the last of a million: ${
      flatness().map((ms) => ms.toFixed(1)).join(", ")
    }`,
    `length ${history.length}`,
  ];
}

function statistic(i: number): Statistic {
  return new Statistic({ phase: "train", step: i, epoch: 1, values: { loss: i, accuracy: i, rate: i } });
}

async function bytesEach(): Promise<number> {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) return NaN; // run with --v8-flags=--expose-gc
  const settle = async () => { // memory is given back a moment later
    collect();
    await new Promise((resolve) => setTimeout(resolve, 100));
  };
  await settle();
  const before = Deno.memoryUsage();
  let history = History.empty;
  for (let i = 0; i < count; i++) history = History.append(history, statistic(i));
  await settle();
  const after = Deno.memoryUsage();
  return (after.external - before.external) / history.length;
}

function flatness(): [number, number] {
  let history = History.empty, started = performance.now(), first = 0, last = 0;
  for (let i = 0; i < count; i++) {
    if (i === 10_000) first = performance.now() - started;
    if (i === count - 10_000) started = performance.now();
    history = History.append(history, statistic(i));
  }
  last = performance.now() - started;
  return [first, last];
}

if (import.meta.main) console.log((await benchStatistics()).join("\n"));

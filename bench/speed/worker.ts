import { createInterface } from "node:readline";
import process from "node:process";
import { ArrayDataset, NDArray, Session } from "../../mod.ts";
import { batchSize, benchNets } from "./nets.ts";

/**
 * Our side of the comparison, in a process of its own: `worker.ts NET BACKEND THREADS` trains through a Session as it is
 * told on standard input: `train` answers milliseconds a step, `predict` items a second, `memory` the peak in MB.
 */
if (import.meta.main) {
  const [name, backend, threads] = Deno.args as [string, string, string];
  const { input, layers, steps } = benchNets[name]!;
  const items = steps * batchSize, size = input.reduce((product, length) => product * length, 1);
  const inputs = new NDArray("float32", [items, ...input], Float32Array.from({ length: items * size }, noise));
  const targets = new NDArray("int32", [items], Int32Array.from({ length: items }, (_, i) => i % 10));
  const session = await Session.configure({
    name: `${name}-${backend}`,
    backend,
    ...(threads === "auto" ? {} : { threads: threads === "all" ? "auto" : Number(threads) }),
    trainer: {
      model: {
        net: { Sequential: { layers } },
        optimizer: { Adam: { learningRate: 0.001 } },
        criterion: "SparseCategoricalCrossentropy",
        metrics: [],
      },
      looper: { epochs: 1_000_000 },
      checkpoints: { every: { epochs: 1_000_000 }, onStop: false },
    },
    dataProvider: {
      datasets: { train: new ArrayDataset({ input: inputs, target: targets }) },
      dataLoader: { batchSize },
    },
    dbInterface: "MemoryStore",
  });
  session.start();
  await session.pause();

  const train = async () => {
    const ended = new Promise<void>((resolve) => {
      const subscription = session.events$.subscribe(({ trigger }) => {
        if (trigger !== "end_of_epoch") return;
        subscription.unsubscribe();
        resolve();
      });
    });
    session.resume();
    await ended;
    await session.pause();
  };
  const predict = async () => {
    for (let start = 0; start < items; start += 256) {
      const count = Math.min(256, items - start);
      const part = (inputs.data as Float32Array).subarray(start * size, (start + count) * size);
      await session.trainer.model.forward(new NDArray("float32", [count, ...input], part));
    }
  };
  const milliseconds = async (work: () => Promise<void>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  await train(), await train(), await predict();
  const answers: Record<string, () => Promise<number> | number> = {
    train: async () => await milliseconds(train) / steps,
    predict: async () => items / await milliseconds(predict) * 1000,
    memory: peakMemory,
  };
  console.log(`ready ${session.status.computing}`);
  for await (const order of createInterface({ input: process.stdin })) {
    if (!(order in answers)) break;
    console.log(await answers[order]!());
  }
  Deno.exit(0);
}

/** Numbers from 0 to 1 without a pattern that a net would see. */
function noise(_: unknown, i: number): number {
  return (i * 2654435761 % 1000) / 1000;
}

/** The most memory that this process had, in MB; where the system doesn't tell, what it has now. */
function peakMemory(): number {
  try {
    const kilobytes = /VmHWM:\s*(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
    return Number(kilobytes) / 1024;
  } catch {
    return Deno.memoryUsage().rss / 2 ** 20;
  }
}

/** A live view's cost to training, an update's cost by the length of the History, and how long a notebook waits at first. */
import type { Kernel } from "../src/jupyter/kernel.ts";
import { withKernel } from "../src/jupyter/with_kernel.ts";
import { median } from "./measure.ts";

const rounds = 9;

/** Trains the same thing with and without a view, in turn; milliseconds a step. */
const training = `
const run = async (name, view) => {
  const session = await Session.configure({
    name,
    trainer: { model: { metrics: ["Accuracy"] }, looper: { steps: 1500 } },
    dataProvider: { datasets: { train: "Digits", validation: { Digits: { split: "test" } } } },
    dbInterface: "MemoryStore",
  });
  const began = performance.now();
  const running = session.run({ view });
  await session.done;
  const took = performance.now() - began;
  await running; // with the picture that stays
  return took / 1500;
};
await run("warm-up", true);
const times = { with: [], without: [] };
for (let i = 0; i < ${rounds}; i++) {
  for (const which of i % 2 ? ["with", "without"] : ["without", "with"]) {
    times[which].push(await run(which + i, which === "with"));
  }
}
JSON.stringify(times)`;

/** What an update of a chart costs when there are so many Statistics already; milliseconds and bytes. */
const updates = `
const { LiveChart } = await import("@library/src/notebook/live_chart.ts");
const measured = {};
for (const length of [10_000, 1_000_000]) {
  let history = History.empty;
  const add = () => {
    const step = history.length + 1;
    history = History.append(history, new Statistic({
      phase: "train", step, epoch: 1, time: step / 1000, samples: step, values: { loss: 1 / step, accuracy: step % 7 },
    }));
  };
  for (let i = 0; i < length; i++) add();
  const chart = new LiveChart(() => history, {});
  chart.figure();
  const times = [], bytes = [];
  for (let i = 0; i < 200; i++) {
    for (let j = 0; j < 100; j++) add();
    const began = performance.now();
    const update = JSON.stringify(chart.update());
    times.push(performance.now() - began);
    bytes.push(update.length);
  }
  const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  measured[length] = [middle(times), middle(bytes)];
}
JSON.stringify(measured)`;

/** The benchmark's lines. */
export async function benchNotebook(): Promise<string[]> {
  const library = new URL("..", import.meta.url);
  return await withKernel(async (kernel) => {
    const first = await timed(kernel, 'import { chart, History, Session, Statistic } from "ptutils";');
    const chart = await timed(
      kernel,
      `chart(Array.from({ length: 500 }, (_, i) =>
        new Statistic({ phase: "train", step: i + 1, epoch: 1, values: { loss: 1 / (i + 1) } })
      ).reduce(History.append, History.empty))`,
    );
    const { with: shown, without } = JSON.parse(await valueOf(kernel, training)) as Record<string, number[]>;
    const ratios = shown!.map((ms, i) => ms / without![i]!);
    const code = updates.replace("@library/", library.href);
    const [short, long] = Object.values(JSON.parse(await valueOf(kernel, code)) as Record<string, number[]>);
    return [
      `in a kernel: import of the library ${first.toFixed(0)} ms, the first chart with its picture ${
        chart.toFixed(0)
      } ms`,
      `a step with a live view / without: ${median(ratios).toFixed(3)} (at most 1.03); ${
        median(without!).toFixed(2)
      } ms`,
      `an update of 100 steps after 10,000 / after a million Statistics: ${short![0]!.toFixed(3)} / ${
        long![0]!.toFixed(3)
      } ms, ${short![1]} / ${long![1]} bytes`,
    ];
  }, { folder: library.pathname });
}

async function timed(kernel: Kernel, code: string): Promise<number> {
  const began = performance.now();
  await valueOf(kernel, code);
  return performance.now() - began;
}

/** The text of a cell's value. @throws {Error} the cell failed */
async function valueOf(kernel: Kernel, code: string): Promise<string> {
  const { outputs, error } = await kernel.execute(code);
  if (error !== undefined) throw new Error(`Cannot measure: ${error.ename}: ${error.evalue}`);
  const result = outputs.findLast(({ output_type }) => output_type === "execute_result");
  const text = (result?.data as Record<string, string> | undefined)?.["text/plain"] ?? "";
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[\d+m/g, "").replaceAll(/^['"]|['"]$/g, "");
}

if (import.meta.main) {
  console.log((await benchNotebook()).join("\n"));
  Deno.exit(0);
}

import { median } from "../measure.ts";
import { findKeras } from "./keras.ts";
import { type BenchNet, benchNets } from "./nets.ts";
import { Peer } from "./peer.ts";

/** What is compared with what: one thread with one thread, all cores with all cores. */
const pairs = [
  { backend: "wasm", threads: "1", label: "wasm, 1 thread / Keras, 1 thread" },
  { backend: "wasm", threads: "all", label: "wasm, all cores / Keras compiled, all cores" },
  { backend: "native", threads: "auto", label: "native / Keras compiled, all cores" },
] as const;

interface Measured {
  readonly times: number[];
  readonly predicted: number[];
  memory: number;
}

/**
 * Whole training steps through a Session against Keras 3 on TensorFlow: the same net, batch and optimizer, in processes
 * that take turns, so that a machine that slows down slows both. Rows of a table in Markdown.
 */
export async function benchSpeed(rounds = 9, names = Object.keys(benchNets)): Promise<string[]> {
  const python = await findKeras();
  const lines = [
    "| net, batch 64 | compared | ms a step, best (median) | Keras | ratio, best (median) | aim | predicts, items/s | Keras | peak MB | Keras |",
    "|---|---|---|---|---|---|---|---|---|---|",
  ];
  for (const name of names) {
    for (const { backend, threads, label } of pairs) {
      const net = benchNets[name]!;
      lines.push(
        await compare(name, net, backend, threads, label, python, rounds).catch(({ message }: Error) =>
          `| ${net.title} | ${label} | not measured: ${message.split("\n")[0]} |`
        ),
      );
    }
  }
  return lines;
}

async function compare(
  name: string,
  { title, steps, aims }: BenchNet,
  backend: "wasm" | "native",
  threads: string,
  label: string,
  python: string | undefined,
  rounds: number,
): Promise<string> {
  const worker = new URL("./worker.ts", import.meta.url).pathname;
  const ours = await Peer.start(Deno.execPath(), ["run", "-A", worker, name, backend, threads]);
  const single = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1" };
  const kerasWorker = new URL("./keras_worker.py", import.meta.url).pathname;
  const peers = { ours } as { ours: Peer; keras?: Peer };
  try {
    if (python !== undefined) {
      peers.keras = await Peer.start(python, [kerasWorker, name, `${steps}`], threads === "1" ? single : {});
    }
    const own = await measure(peers, rounds);
    return row(title, label, own.ours!, own.keras, threads === "all" ? undefined : aims[backend]);
  } finally {
    for (const peer of Object.values(peers)) await peer.stop();
  }
}

async function measure(peers: Readonly<Record<string, Peer>>, rounds: number): Promise<Record<string, Measured>> {
  const found: Record<string, Measured> = {};
  for (const name of Object.keys(peers)) found[name] = { times: [], predicted: [], memory: 0 };
  for (let round = 0; round < rounds; round++) {
    for (const [name, peer] of Object.entries(peers)) {
      found[name]!.times.push(await peer.ask("train"));
      found[name]!.predicted.push(await peer.ask("predict"));
    }
  }
  for (const [name, peer] of Object.entries(peers)) found[name]!.memory = await peer.ask("memory");
  return found;
}

function row(title: string, label: string, ours: Measured, keras: Measured | undefined, aim?: number): string {
  const time = ({ times }: Measured) => `${Math.min(...times).toFixed(2)} (${median(times).toFixed(2)})`;
  const rate = ({ predicted }: Measured) => `${Math.round(Math.max(...predicted))}`;
  const memory = (measured: Measured) => `${Math.round(measured.memory)}`;
  const ratios = keras && ours.times.map((ms, i) => ms / keras.times[i]!);
  const ratio = keras &&
    `${(Math.min(...ours.times) / Math.min(...keras.times)).toFixed(2)} (${median(ratios!).toFixed(2)})`;
  const of = (what: (measured: Measured) => string) => keras === undefined ? "" : what(keras);
  const cells = [title, label, time(ours), of(time), ratio ?? "", `${aim ?? ""}`];
  return `| ${[...cells, rate(ours), of(rate), memory(ours), of(memory)].join(" | ")} |`;
}

/** `deno run -A bench/speed/speed.ts [ROUNDS] [NET ...]` */
if (import.meta.main) {
  const [rounds = "9", ...names] = Deno.args;
  for (const line of await benchSpeed(Number(rounds), names.length > 0 ? names : undefined)) console.log(line);
  Deno.exit(0);
}

import { ArrayDataset, NDArray, type Session as SessionType } from "../mod.ts";
import { Session, tf as library } from "../mod.ts";
import { interleave } from "./measure.ts";

/** Items of the made-up data, a sixth of MNIST: an epoch, and so a checkpoint, comes often. What they say costs nothing. */
const items = 10_048;
export const batchSize = 64;
export const steps = items / batchSize;

const inputs = Float32Array.from({ length: items * 784 }, (_, i) => (i * 2654435761 % 1000) / 1000);
const targets = Int32Array.from({ length: items }, (_, i) => i % 10);

/** A training step through Session with all that it does, against a bare tfjs loop over the same net. */
export async function benchStep(): Promise<string[]> {
  const lines: string[] = [];
  for (const [name, sizes] of [["MLP 784-128-10", [128]], ["MLP 784-512-512-10", [512, 512]]] as const) {
    const session = await makeSession(`bench-${sizes.join("-")}`, sizes);
    const bare = makeBare(sizes);
    const result = await interleave({ session: () => epoch(session), bare }, 11, 3);
    lines.push(
      `${name}, batch ${batchSize}: ${(result.session!.ms / steps).toFixed(3)} ms a step through Session, ${
        (result.bare!.ms / steps).toFixed(3)
      } bare, ratio ${result.session!.ratio.toFixed(3)} (at most 1.05)`,
    );
    await session.stop();
  }
  return lines;
}

async function makeSession(name: string, sizes: readonly number[]): Promise<SessionType> {
  const layers = [...sizes.map((units) => ({ dense: { units, activation: "relu" } })), { dense: { units: 10 } }];
  const data = new ArrayDataset({
    input: new NDArray("float32", [items, 784], inputs),
    target: new NDArray("int32", [items], targets),
  });
  const session = await Session.configure({
    name,
    trainer: {
      model: { net: { Sequential: { layers } }, criterion: "SparseCategoricalCrossentropy", metrics: [] },
      looper: { epochs: 1_000 },
      callbacks: ["Progress", "NaNDetector"],
      checkpoints: { every: { epochs: 1 }, keep: { last: 2 } },
    },
    dataProvider: { datasets: { train: data }, dataLoader: { batchSize } },
    dbInterface: { LowdbStore: { path: await Deno.makeTempDir() } },
  });
  session.start();
  await session.pause();
  return session;
}

/** Trains one epoch, then waits again. */
async function epoch(session: SessionType): Promise<void> {
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
}

/** The loop that one would write by hand: the same net, loss, optimizer and batches, and the loss read at each step. */
export function makeBare(sizes: readonly number[]): () => void {
  const tf = library();
  const net = tf.layers.sequential();
  for (const [i, units] of [...sizes, 10].entries()) {
    net.add(tf.layers.layers.dense({
      units,
      ...(i === 0 ? { inputShape: [784] } : {}),
      ...(i < sizes.length ? { activation: "relu" as const } : {}),
    }));
  }
  const optimizer = tf.train.adam(1e-3);
  return () => {
    for (let step = 0; step < steps; step++) {
      const x = tf.tensor2d(inputs.subarray(step * batchSize * 784, (step + 1) * batchSize * 784), [batchSize, 784]);
      const y = tf.tidy(() =>
        tf.cast(
          tf.oneHot(tf.tensor1d(targets.subarray(step * batchSize, (step + 1) * batchSize), "int32"), 10),
          "float32",
        )
      );
      const cost = optimizer.minimize(
        () => tf.losses.softmaxCrossEntropy(y, net.apply(x, { training: true }) as typeof x),
        true,
      )!;
      cost.dataSync();
      tf.dispose([x, y, cost]);
    }
  };
}

if (import.meta.main) console.log((await benchStep()).join("\n"));

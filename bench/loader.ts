import {
  ArrayDataset,
  DataLoader,
  type Dataset,
  type Item,
  MapDataset,
  NDArray,
  type Random,
  resolveBackend,
  Shuffled,
} from "../mod.ts";
import { interleave } from "./measure.ts";
import { batchSize, makeBare, steps } from "./step.ts";

const items = 10_000;

/** What a batch of 64 images costs, against a step of an MLP 784-128-10 in a bare loop. */
export async function benchLoader(): Promise<string[]> {
  await resolveBackend();
  const input = new NDArray("uint8", [items, 28, 28], Uint8Array.from({ length: items * 784 }, (_, i) => i * 31 % 256));
  const target = new NDArray("int32", [items], Int32Array.from({ length: items }, (_, i) => i % 10));
  const bytes = new ArrayDataset({ input, target }), scaled = new ArrayDataset({ input, target, scale: 1 / 255 });
  const same = new MapDataset({ dataset: bytes, transform: (item) => item });
  const flipped = new MapDataset({ dataset: scaled, transform: flip });
  const pass = async (dataset: Dataset, { sampler, prefetch }: { sampler?: Shuffled; prefetch?: number } = {}) => {
    const loader = new DataLoader({ batchSize, prefetch });
    for await (const _ of loader.iterate(dataset, { sampler })) { /* what a batch costs */ }
  };
  const works = {
    "images of bytes": () => pass(bytes),
    "scaled to float32": () => pass(scaled),
    "scaled, shuffled": () => pass(scaled, { sampler: new Shuffled() }),
    "scaled, shuffled, two batches ahead": () => pass(scaled, { sampler: new Shuffled(), prefetch: 2 }),
    "mapped to themselves": () => pass(same),
    "scaled, turned over at random one by one": () => pass(flipped),
    step: makeBare([128]),
  };
  const result = await interleave(works, 11, 2);
  const batches = Math.ceil(items / batchSize), step = result.step!.ms / steps;
  return Object.entries(result).filter(([name]) => name !== "step").map(([name, { ms }]) =>
    `loader, ${name}: ${(ms / batches * 1000).toFixed(1)} µs a batch of ${batchSize}, ${
      (ms / batches / step * 100).toFixed(1)
    } % of an MLP's step of ${step.toFixed(2)} ms (at most 5 %)`
  );
}

/** Turns half of the images over, left and right. */
function flip({ input, target }: Item, random: Random): Item {
  if (random.uniform() < 0.5) return { input, target };
  const from = input.data as Float32Array, to = new Float32Array(from.length);
  for (let row = 0; row < 28; row++) for (let x = 0; x < 28; x++) to[28 * row + x] = from[28 * row + 27 - x]!;
  return { input: new NDArray("float32", input.shape, to), target };
}

if (import.meta.main) {
  console.log((await benchLoader()).join("\n"));
  Deno.exit(0);
}

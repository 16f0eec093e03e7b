/** A thread of its own that builds a data set again and gathers batches of it. Each message is answered by one. */
import { parentPort, workerData } from "node:worker_threads";
import { classNamed } from "../../module/registry.ts";
import { matchBelow, type Replaced } from "../../module/replaced.ts";
import { valueToState } from "../../module/state.ts";
import { decodeValue } from "../../module/value.ts";
import type { Batch } from "../batch.ts";
import { Dataset } from "../dataset.ts";
import "../datasets.ts";
import { fetchFrom } from "./fetch_from.ts";

/** What a thread is told when it starts. */
export interface Order {
  /** The data set's class, its options and its state, as JSON. */
  readonly name: string;
  readonly options: string;
  readonly state: string;
  /** What is below it, which may be another than its options say. */
  readonly below: Replaced;
  /** URLs of files that register classes. */
  readonly modules: readonly string[];
  /** What items are filled up with; null: they are alike. */
  readonly pad: number | null;
}

/** What is asked of it. */
export interface Request {
  readonly id: number;
  readonly indices: readonly number[];
  readonly pass: number;
}

/** What it answers. */
export type Answer = { readonly id: number; readonly batch: Batch } | {
  readonly id: number;
  /** `building`: there is no data set to ask. */
  readonly error: { readonly name: string; readonly message: string; readonly building: boolean };
};

async function build({ name, options, state, below, modules }: Order): Promise<Dataset> {
  for (const module of modules) await import(module);
  const dataset = new (classNamed(name, Dataset))(JSON.parse(options)) as unknown as Dataset;
  matchBelow(dataset, below);
  await dataset.prepare();
  await dataset.loadState(valueToState(decodeValue(JSON.parse(state))));
  return dataset;
}

/** The buffers of a batch that may go over to the other thread. */
const buffersOf = ({ input, target, index }: Batch): ArrayBuffer[] =>
  [...new Set([input.data.buffer, target.data.buffer, index.buffer])].filter((one) => one instanceof ArrayBuffer);

function serve(port: NonNullable<typeof parentPort>, order: Order): void {
  const building = build(order);
  building.catch(() => {}); // told to each who asks
  let latest: Promise<unknown> = Promise.resolve();
  const answer = async ({ id, indices, pass }: Request) => {
    const fail = (building: boolean) => (error: Error) => {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      port.postMessage({ id, error: { name, message, building } } satisfies Answer);
    };
    const dataset = await building.catch(fail(true));
    if (dataset === undefined) return;
    try {
      const batch = await fetchFrom(dataset, order.pad)({ indices, pass, end: undefined });
      port.postMessage({ id, batch } satisfies Answer, buffersOf(batch));
    } catch (error) {
      fail(false)(error as Error);
    }
  };
  port.on("message", (request: Request) => latest = latest.then(() => answer(request)));
}

if (parentPort !== null) serve(parentPort, workerData as Order);

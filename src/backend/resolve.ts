import type { KernelBackend, Tensor } from "@tensorflow/tfjs-core";
import type { Backend, Demands, Faults } from "./backend.ts";
import { smokeTest } from "./smoke_test.ts";
import { systemMemory } from "./system_memory.ts";
import { loadTf, tf } from "./tf.ts";
import { inTime } from "./time_limit.ts";
import { candidatesFor, type Wish } from "./wish.ts";

/** The backend that computes, and why it and not another. */
export interface Resolved {
  readonly name: string;
  /** What it computes on: an adapter's name, a number of cores. */
  readonly device: string;
  readonly version: string;
  /** How many compute; 0 where it isn't threads that do, as on a GPU. */
  readonly threads: number;
  /** Why those before it were passed over, each in a sentence. */
  readonly reasons: string[];
  /** Why the same input doesn't give the same bits each time; undefined where it does. */
  readonly varies?: string;
  /** What was asked for and is not so. */
  readonly warnings: string[];
}

interface Choice {
  readonly backend: Backend;
  readonly demands: Demands;
  readonly resolved: Resolved;
  /** What tfjs computes with. */
  readonly instance: KernelBackend;
}

/** Milliseconds that a backend has to start and to pass the smoke test: long enough for a GPU's first start, if named. */
const patience = { auto: 30_000, byName: 300_000 };

/** What came of each wish, so that the same one again costs nothing. */
const choices = new Map<string, Choice>();
/** What each backend was last made ready for: its options are those of the whole process. */
const ready = new Map<Backend, Demands>();
/** Whose each of tfjs's backends is. */
const homes = new WeakMap<KernelBackend, Backend>();
let active: Choice | undefined;
let pending: Promise<unknown> = Promise.resolve();

/**
 * Loads tfjs and chooses what it computes with. `auto` takes the first backend that passes a smoke test; a name, or a
 * name with options, takes that one or fails. Asking again for what is there costs nothing.
 *
 * @param threads how many, where the backend can choose; `auto`: as many as gain something here; left out, its default
 * @throws {RangeError} a name that is not known
 * @throws {Error} when none, or not the one that was asked for, works here; it tells every reason
 */
export function resolveBackend(
  wish: Wish = "auto",
  { threads }: { threads?: number | "auto" } = {},
): Promise<Resolved> {
  const resolved = pending.then(() => resolve(wish, threads));
  pending = resolved.catch(() => {});
  return resolved;
}

/** The backend that was resolved last. */
export const activeBackend = (): Resolved | undefined => active?.resolved;

/** The most bytes of all tensors together, and of one, that the active backend has room for, as far as that is known. */
export function roomForTensors(): { readonly bytes: number; readonly tensor: number } {
  if (active?.backend.room !== undefined) return active.backend.room();
  const bytes = systemMemory();
  return { bytes, tensor: bytes };
}

/** Whether tensors can be read in line now; or one tensor, wherever it lies. */
export function readsInLine(tensor?: Tensor): boolean {
  return (tensor === undefined ? active?.backend : homeOf(tensor))?.readsInLine ?? false;
}

/** A tensor's numbers, where they can't be read in line. @throws {Error} what went wrong on its device */
export async function readLater(tensor: Tensor): Promise<Float32Array | Int32Array | Uint8Array> {
  const faults = homeOf(tensor)?.faults;
  const numbers = await explained(() => tensor.data(), faults);
  const fault = faults?.take();
  if (fault !== undefined) throw fault;
  return numbers;
}

/** The backend that a tensor lies on. */
const homeOf = ({ dataId }: Tensor): Backend | undefined =>
  homes.get(tf().engine().state.tensorInfo.get(dataId)?.backend as KernelBackend);

/**
 * Computes with a backend that was resolved before, whatever was asked for since: what began to train on one goes on
 * there, though another experiment was configured in the meantime.
 *
 * @throws {Error} what went wrong on its device, if work fails; where it tells that late, as a promise
 */
export function computeOn<T>(resolved: Resolved, work: () => T | Promise<T>): T | Promise<T> {
  const choice = made.get(resolved);
  if (choice === undefined) return work();
  const { faults } = choice.backend;
  const fault = faults?.take();
  if (fault !== undefined) throw fault;
  activate(choice);
  return faults === undefined ? work() : explained(work, faults);
}
const made = new WeakMap<Resolved, Choice>();

/** Does something, of which an error may come of what the device tells a moment later: then that is the error. */
async function explained<T>(work: () => T | Promise<T>, faults: Faults | undefined): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await faults?.awaitNews();
    throw faults?.take() ?? error;
  }
}

/** Does something, and waits until the active backend has done it too. @throws {Error} what went wrong on its device */
export async function settleBackend(work: () => void): Promise<void> {
  const faults = active?.backend.faults;
  try {
    work();
  } catch (error) {
    await faults?.settle();
    faults?.take(); // What it tells now came of this.
    throw error;
  }
  await faults?.settle();
  const fault = faults?.take();
  if (fault !== undefined) throw fault;
}

async function resolve(wish: Wish, threads: Demands["threads"]): Promise<Resolved> {
  const key = JSON.stringify([wish, threads]);
  const known = choices.get(key);
  const choice = known !== undefined && isReady(known) ? known : await choose(wish, threads);
  choices.set(key, choice);
  activate(choice);
  return choice.resolved;
}

const isReady = ({ backend, demands: { threads, options } }: Choice): boolean => {
  if (backend.faults?.isLost()) return false;
  const now = ready.get(backend)!;
  return now.threads === threads && JSON.stringify(now.options) === JSON.stringify(options);
};

function activate(choice: Choice): void {
  active = choice;
  // Of a backend that runs already, nothing of this waits.
  if (tf().engine().backend !== choice.instance) void tf().setBackend(choice.backend.tfjsName);
}

async function choose(wish: Wish, threads: Demands["threads"]): Promise<Choice> {
  const { backends, options } = candidatesFor(wish);
  const demands = { threads, byName: wish !== "auto", options };
  const reasons: string[] = [];
  for (const backend of backends) {
    const reason = await tryBackend(backend, demands);
    if (reason === undefined) return choiceOf(backend, demands, reasons);
    reasons.push(`${backend.name} was passed over: ${reason}`);
  }
  // A failed choice must not leave tfjs on a backend that nobody asked for.
  if (active !== undefined) activate(active);
  throw new Error(`Cannot find a backend that works: ${reasons.join("; ")}`);
}

/** Why a backend doesn't work here; undefined when it does. */
async function tryBackend(backend: Backend, demands: Demands): Promise<string | undefined> {
  try {
    const tf = await loadTf();
    const limit = demands.byName ? patience.byName : patience.auto;
    await inTime(limit, backend.load(tf, demands));
    if (!await inTime(limit, tf.setBackend(backend.tfjsName))) return "it did not start";
    return await inTime(limit, smokeTest(tf));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function choiceOf(backend: Backend, demands: Demands, reasons: string[]): Choice {
  const instance = tf().findBackend(backend.tfjsName);
  const [name, device, version] = [backend.name, backend.device(), backend.version()];
  const threads = backend.threads(), varies = backend.varies();
  const asked = typeof demands.threads === "number";
  const advice = backend.moreThreads === undefined ? "" : `; ${backend.moreThreads}`;
  const warnings = !asked || demands.threads === threads ? [] : [
    `${demands.threads} threads were asked for; ${name} computes ${
      threads === 0 ? "without" : `with ${threads}`
    } here${advice}`,
  ];
  const resolved = { name, device, version, threads, reasons, warnings, ...(varies === undefined ? {} : { varies }) };
  const choice = { backend, demands, resolved, instance };
  ready.set(backend, demands);
  made.set(resolved, choice);
  homes.set(instance, backend);
  return choice;
}

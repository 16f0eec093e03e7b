import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import {
  activeBackend,
  computeOn,
  readLater,
  readsInLine,
  resolveBackend,
  type Resolved,
  settleBackend,
} from "../backend/resolve.ts";
import { tf } from "../backend/tf.ts";
import { checkWork } from "../module/background.ts";
import type { Preparation } from "../module/load_state.ts";
import { Module } from "../module/module.ts";
import type { NDArray } from "../module/ndarray.ts";
import { register } from "../module/registry.ts";
import { slot } from "../module/slot.ts";
import { mapRecord } from "../module/value.ts";
import { Adam } from "./adam.ts";
import type { Batch as DataBatch, Description } from "../data/batch.ts";
import { checkRoom } from "./check_room.ts";
import { criteria } from "./criteria.ts";
import { Criterion } from "./criterion.ts";
import { defaultCriterion, defaultMetric, settleLogits } from "./defaults.ts";
import { dryRun } from "./dry_run.ts";
import { Metric } from "./metric.ts";
import { metrics } from "./metrics.ts";
import { type Net, parametersOf, type Target } from "./net.ts";
import { nets } from "./nets.ts";
import { Optimizer } from "./optimizer.ts";
import { optimizers } from "./optimizers.ts";
import { Sequential } from "./sequential.ts";
import { toArray, toFloat, toTarget } from "./tensor.ts";
import { computeGradients, computeLoss, learntParametersOf, runNet, type Step } from "./train_step.ts";

const schema = z.strictObject({
  /** What computes: a Net, or any Module that takes a tensor and gives one. */
  net: slot(Module, nets, Sequential).prefault({}),
  optimizer: slot(Optimizer, optimizers, Adam).prefault({}),
  /** Left out, it is chosen by the target: classes or numbers. */
  criterion: slot(Criterion, criteria).optional(),
  /** Left out, one is chosen by the target. */
  metrics: z.array(slot(Metric, { ...metrics, ...criteria })).optional(),
});

/** What a step needs of a batch. */
export type Batch = Pick<DataBatch, "input" | "target" | "size">;

/** Means over a batch: the loss, and each metric by its series' name. */
export type Numbers = Record<string, number>;

/**
 * What is trained: a net, what it is to make small, and how it is changed. Arrays go in and numbers come out; tensors
 * live inside a step only.
 *
 * @example
 * ```ts
 * import { Model, NDArray } from "ptutils";
 * const model = await Model.configure({ net: { Sequential: { layers: [{ dense: { units: 3, inputShape: [4] } }] } } });
 * const output = await model.forward(new NDArray("float32", [5, 4]));
 * if (`${output.shape}` !== "5,3") throw new Error("unexpected");
 * ```
 */
export class Model extends Module<typeof schema> {
  static override schema: z.ZodObject = schema;
  net: Module = this.options.net.build();
  optimizer: Optimizer = this.options.optimizer.build() as Optimizer;
  criterion: Criterion = (this.options.criterion?.build() ?? null) as Criterion;
  metrics: Metric[] = this.options.metrics?.map((part) => part.build() as Metric) ?? [];
  /** What it was built to learn: the shape of one item's target and the number of classes. */
  target: { shape: number[]; classes: number | null } | null = null;
  #backend: Resolved | undefined;
  #description: Description | undefined;
  #builtNet: Module | undefined;

  /** Loads tfjs and a backend, unless one is active; makes the net if it knows the shape of an item. */
  override async prepare(): Promise<void> {
    this.#backend = activeBackend() ?? await resolveBackend();
    await this.net.prepare();
  }

  /**
   * Makes what depends on the data, and tries it once on zeros, which changes nothing.
   *
   * @param items how many a batch will have
   * @throws {TypeError} shapes that don't fit each other, naming the layer or the criterion
   * @throws {RangeError} what is too large for the backend's memory
   * @throws {Error} what the backend lacks for this net
   */
  build(description: Description, { items = 1 }: { items?: number } = {}): void {
    this.#backend = activeBackend();
    const { shape, classes } = description.target;
    this.#choose({ shape, ...(classes === undefined ? {} : { classes }) });
    this.#description = description;
    this.#buildNet();
    // A metric tells probabilities from logits in an output of one column only.
    for (const part of [this.criterion, ...this.metrics]) {
      const problem = settleLogits(this.net, part);
      if (problem !== undefined) this.status.warn(problem);
    }
    checkRoom(this.net, items);
    dryRun(this.net, this.criterion, this.metrics, description);
  }

  /** As {@linkcode Model.build}, and waits for what a device tells only later of what was tried on it. */
  async prove(description: Description, options: { items?: number } = {}): Promise<void> {
    await settleBackend(() => this.build(description, options));
  }

  /** Runs the net. */
  async forward(input: NDArray, { training = false }: { training?: boolean } = {}): Promise<NDArray> {
    return await this.#compute(async () => {
      const output = tf().tidy(() => runNet(this.net, toFloat(input), { training }));
      try {
        return await toArray(output);
      } finally {
        output.dispose();
      }
    });
  }

  override invoke(input: NDArray, options: { training?: boolean } = {}): Promise<NDArray> {
    return this.forward(input, options);
  }

  /**
   * One step of training. The numbers are those from before it; a promise only where they can't be read in line.
   *
   * @throws {TypeError} shapes that don't fit; @throws {RangeError} a target that the criterion can't use
   */
  learn(batch: Batch): Numbers | Promise<Numbers> {
    checkWork();
    return this.#compute(() =>
      readNumbers(
        tf().tidy(() => {
          if (this.net !== this.#builtNet) this.#buildNet();
          const parameters = learntParametersOf(this.net);
          const [input, target] = [toFloat(batch.input), toTarget(batch.target)];
          const step = computeGradients(parameters, () => this.#loss(input, target, true));
          const scalars = this.#scalars(batch, step, target);
          this.optimizer.update(parameters, step.gradients);
          return scalars;
        }),
      )
    );
  }

  /** The same numbers without training. */
  evaluate(batch: Batch): Numbers | Promise<Numbers> {
    return this.#compute(() =>
      readNumbers(
        tf().tidy(() => {
          const [input, target] = [toFloat(batch.input), toTarget(batch.target)];
          return this.#scalars(batch, this.#loss(input, target, false), target);
        }),
      )
    );
  }

  /** The names of the numbers that a step gives; a second metric of the same name gets a number, `topK_2`. */
  seriesNames(): string[] {
    const names: string[] = ["loss"];
    for (const { seriesName } of this.metrics) {
      const same = names.filter((name) => name.replace(/_\d+$/, "") === seriesName).length;
      names.push(same === 0 ? seriesName : `${seriesName}_${same + 1}`);
    }
    return names;
  }

  /** Chooses what depends on the target, so that a state finds its place. */
  override beforeLoad(nodes: Readonly<Record<string, unknown>>): Preparation | void {
    const target = nodes.target as Model["target"] | undefined;
    if (!target) return;
    const { shape, classes } = target, before = this.target;
    this.#choose(classes === null ? { shape } : { shape, classes });
    return { undo: () => this.target = before };
  }

  /** Frees every tensor that it holds. */
  dispose(): void {
    for (const [, parameter] of parametersOf(this.net)) parameter.dispose();
    this.optimizer.dispose();
  }

  /** Makes what depends on the data in a net, also in one that was put in its place while a run goes on. */
  #buildNet(): void {
    const { input, target } = this.#description ?? {};
    if (input !== undefined) (this.net as Partial<Net>).build?.(input.shape, target);
    this.#builtNet = this.net;
  }

  #choose(target: Target): void {
    this.target = { shape: [...target.shape], classes: target.classes ?? null };
    this.criterion ??= defaultCriterion(target);
    if (this.options.metrics === undefined && this.metrics.length === 0) this.metrics = [defaultMetric(target)];
  }

  /** Computes with the backend that it was built on, though another was chosen for something else since. */
  #compute<T>(work: () => T | Promise<T>): T | Promise<T> {
    return this.#backend === undefined ? work() : computeOn(this.#backend, work);
  }

  #loss(input: Tensor, target: Tensor, training: boolean): Step {
    return computeLoss(this.net, this.criterion, input, target, { training });
  }

  #scalars(batch: Batch, { output, loss }: Step, target: Tensor): Record<string, Tensor> {
    // Not within the gradients' scope, where an error would leave tensors behind; before anything changes.
    this.criterion.checkTarget(batch.target, output.shape);
    const scalars = [loss, ...this.metrics.map((metric) => metric(output, target))];
    return Object.fromEntries(this.seriesNames().map((name, i) => [name, scalars[i]!]));
  }
}

/** The scalars' values; the scalars are disposed. */
function readNumbers(scalars: Record<string, Tensor>): Numbers | Promise<Numbers> {
  const dispose = () => Object.values(scalars).forEach((scalar) => scalar.dispose());
  if (readsInLine()) {
    const numbers = mapRecord(scalars, (scalar) => scalar.dataSync()[0]!);
    dispose();
    return numbers;
  }
  const read = Object.entries(scalars).map(async ([name, scalar]) => [name, (await readLater(scalar))[0]!] as const);
  return Promise.all(read).then((numbers) => Object.fromEntries(numbers)).finally(dispose);
}

register(Model);

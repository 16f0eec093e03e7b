import type { Observable, Subscription } from "rxjs";
import { z } from "zod";
import { Module } from "../../module/module.ts";
import { Random } from "../../module/random.ts";
import { register } from "../../module/registry.ts";
import type { Dataset } from "../dataset.ts";
import type { Experiment } from "../experiment.ts";
import { changeSchema, weightsAt, weightsSchema } from "./mixture_schedule.ts";
import { MixtureCourse, type MixtureState, start } from "./mixture_course.ts";

const schema = z.strictObject({
  /** How often each source is drawn from, in proportion to the others; one that isn't named never is. */
  weights: weightsSchema,
  /** Weights that hold from some moment on; of several whose moment has come, the last. */
  then: z.array(changeSchema).default([]),
  /** Whether each source's items come in random order, another one in each pass over it. */
  shuffle: z.boolean().default(true),
});

/**
 * How items are drawn from several named sources: each time a source by weight, of that source the item that comes
 * next. The weights may be assigned at any time, follow a stream, or change by themselves at an epoch, a step, or a
 * value of a series; they count from the next batch on. The place in each source, and how many draws were made, are
 * state.
 *
 * @example
 * ```ts
 * import { Mixture } from "ptutils";
 * const mixture = new Mixture({
 *   weights: { easy: 1 },
 *   then: [{ epoch: 3, weights: { easy: 1, hard: 3 } }, { series: "train/loss", below: 0.1, weights: { hard: 1 } }],
 * });
 * mixture.adapt({ epoch: 4, step: 100, history: { last: () => ({ value: 0.5 }) } });
 * if (mixture.weights.hard !== 3) throw new Error("unexpected");
 * ```
 */
export class Mixture extends Module<typeof schema> {
  static override schema: z.ZodObject = schema;

  weights: Record<string, number> = { ...this.options.weights };
  random: Random = new Random();
  /** Where it stands: draws made, items taken of each source; the same for where the latest passes began. */
  place: MixtureState = { now: start, began: [] };

  override invoke(datasets: Readonly<Record<string, Dataset>>, pass = 0): MixtureCourse {
    return this.course(datasets, pass, true, Infinity);
  }

  /**
   * The items of a pass over a mixture of these data sets.
   *
   * @param moves whether it goes on at the place that is state, and moves it; else it begins at the start
   */
  course(datasets: Readonly<Record<string, Dataset>>, pass: number, moves: boolean, length: number): MixtureCourse {
    return new MixtureCourse(this, datasets, { pass, moves, length });
  }

  /** The names of the sources that have weights now, or may have them at some moment. */
  get sources(): string[] {
    const all = [this.options.weights, ...this.options.then.map(({ weights }) => weights), this.weights];
    return [...new Set(all.flatMap((weights) => Object.keys(weights)))];
  }

  /** Whether each source's items come in random order. */
  get shuffle(): boolean {
    return this.options.shuffle;
  }

  /**
   * Takes the weights that hold at this moment of the experiment, if some are to change by themselves: what was
   * assigned holds until then.
   */
  adapt(experiment: Partial<Experiment>): void {
    if (this.options.then.length > 0) this.weights = weightsAt(this.options, experiment);
  }

  /** Assigns each weights that a stream gives, until it ends or the subscription is ended. Its error is a warning. */
  follow(weights$: Observable<Readonly<Record<string, number>>>): Subscription {
    return weights$.subscribe({
      next: (weights) => this.weights = { ...weights },
      error: (error) => this.#warn(`the stream of weights failed: ${error?.message ?? error}; they stay as they are`),
    });
  }

  #warn(message: string): void {
    if (this.status.warn(message)) this.emit("warning", { message });
  }
}

register(Mixture);

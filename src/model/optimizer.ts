import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { Module } from "../module/module.ts";
import { checkWork } from "../module/background.ts";
import type { Preparation } from "../module/load_state.ts";
import { isNDArray } from "../module/ndarray.ts";
import { nameAndOptions, slot } from "../module/slot.ts";
import { mapRecord } from "../module/value.ts";
import { clipByNorm, clipByValue } from "./clip.ts";
import { Parameter } from "./parameter.ts";
import { Schedule } from "./schedule.ts";
import { schedules } from "./schedules.ts";

/** The options of an optimizer: those that all have, and its own. */
export const optimizerSchema = <Own extends z.ZodRawShape>(learningRate: number, own: Own) =>
  z.strictObject({
    /** How far a step goes. */
    learningRate: z.number({
      error: ({ input }) =>
        nameAndOptions(input) === undefined
          ? undefined
          : "expected number; a schedule stands beside it, as schedule: { CosineDecay: { steps: 1000 } }",
    }).min(0).default(learningRate),
    /** A factor for the learning rate, by the number of updates done. */
    schedule: slot(Schedule, schedules).optional(),
    /** All gradients together are shortened to this Euclidean length. */
    clipNorm: z.number().positive().nullable().default(null),
    /** Each element of a gradient is held between minus this and this. */
    clipValue: z.number().positive().nullable().default(null),
    ...own,
  });

type Common = z.output<ReturnType<typeof optimizerSchema<Record<never, never>>>>;

/**
 * Changes parameters by their gradients. What it remembers of each parameter (its slots) is state, under the name of
 * the slot and the name of the parameter.
 */
export abstract class Optimizer<S extends z.ZodObject = z.ZodObject> extends Module<S> {
  static override schema: z.ZodObject = optimizerSchema(0.01, {});
  learningRate: number = (this.options as Common).learningRate;
  clipNorm: number | null = (this.options as Common).clipNorm;
  clipValue: number | null = (this.options as Common).clipValue;
  /** Number of updates done. */
  step = 0;
  schedule: Schedule | null = ((this.options as Common).schedule?.build() as Schedule | undefined) ?? null;
  slots: Slots = {};

  /** Does one update, inside a `tf.tidy`. @param gradients by the parameters' names */
  update(parameters: readonly [name: string, parameter: Parameter][], gradients: Record<string, Tensor>): void {
    checkWork();
    const rate = this.learningRate * (this.schedule?.(this.step) ?? 1);
    this.step++;
    if (this.clipValue !== null) gradients = clipByValue(gradients, this.clipValue);
    if (this.clipNorm !== null) gradients = clipByNorm(gradients, this.clipNorm);
    for (const [name, parameter] of parameters) {
      const gradient = gradients[name];
      if (gradient === undefined) continue;
      parameter.assign(this.rule(parameter.value, gradient, rate, this.#memory(name, parameter)));
    }
  }

  override invoke(parameters: readonly [string, Parameter][], gradients: Record<string, Tensor>): void {
    this.update(parameters, gradients);
  }

  /** The parameter's next value. {@linkcode Optimizer.step} is that of this update, the first is 1. */
  protected abstract rule(value: Tensor, gradient: Tensor, rate: number, memory: Memory): Tensor;

  /** Makes the slots that a state is about to fill, and drops those that it lacks. */
  override beforeLoad(nodes: Readonly<Record<string, unknown>>): Preparation | void {
    const wanted = slotShapes(nodes.slots), before = this.slots;
    if (JSON.stringify(slotShapes(before)) === JSON.stringify(wanted)) return;
    const make = (shape: readonly number[]) => new Parameter(shape, { trainable: false });
    const slots = this.slots = mapRecord(wanted, (shapes) => mapRecord(shapes, make));
    return { undo: () => this.slots = freed(slots, before), settle: () => void freed(before, {}) };
  }

  /** Forgets what it remembers. */
  dispose(): void {
    this.slots = freed(this.slots, {});
  }

  #memory(name: string, { shape }: Parameter): Memory {
    return (slot, initial = 0) => {
      const slots = this.slots[slot] ??= {};
      const known = slots[name];
      if (known !== undefined && `${known.shape}` === `${shape}`) return known;
      known?.dispose();
      return slots[name] = new Parameter(shape, {
        trainable: false,
        initializer: (values) => void values.fill(initial),
      });
    };
  }
}

/** What an optimizer remembers: by the slot's name and the parameter's. */
type Slots = Record<string, Record<string, Parameter>>;

/** What an optimizer remembers of one parameter, by the slot's name; made, filled with `initial`, when first asked for. */
export type Memory = (slot: string, initial?: number) => Parameter;

/** Frees the tensors of slots; gives what takes their place. */
function freed(slots: Slots, next: Slots): Slots {
  for (const slot of Object.values(slots)) for (const parameter of Object.values(slot)) parameter.dispose();
  return next;
}

function slotShapes(slots: unknown): Record<string, Record<string, readonly number[]>> {
  const shapes = Object.entries(slots ?? {}).map(([slot, leaves]) => {
    const entries = Object.entries(leaves as Record<string, unknown>);
    const arrays = entries.filter(([, leaf]) => isNDArray(leaf) || leaf instanceof Parameter);
    return [slot, Object.fromEntries(arrays.map(([name, leaf]) => [name, [...(leaf as Parameter).shape]]))];
  });
  return Object.fromEntries(shapes.filter(([, leaves]) => Object.keys(leaves!).length > 0));
}

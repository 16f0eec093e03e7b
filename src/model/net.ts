import type { Tensor } from "@tensorflow/tfjs-core";
import type { z } from "zod";
import { activeBackend, resolveBackend } from "../backend/resolve.ts";
import { leavesIn } from "../module/leaf.ts";
import { Module } from "../module/module.ts";
import { join } from "../module/path.ts";
import { isParameter, type Parameter } from "./parameter.ts";

/** How a net is run. */
export interface Mode {
  /** Whether this is a training step: dropout is on, moving statistics move. */
  readonly training: boolean;
}

/** What is to be learnt: the shape of one item's target, and into how many classes it falls. */
export interface Target {
  readonly shape: readonly number[];
  readonly classes?: number;
}

/**
 * What a Model trains: a Module called with a batch as a tensor that gives a tensor. Its {@linkcode Parameter}s, and
 * those of the Modules below it, are learnt.
 */
export abstract class Net<S extends z.ZodObject = z.ZodObject<Record<never, never>>> extends Module<S> {
  /** Makes what depends on the data: the shape of one item (without the batch), and what is to be learnt. */
  build(_inputShape: readonly number[], _target?: Target): void {}

  /** The output for a batch; the first dimension is the batch's. */
  override invoke(_x: Tensor, _mode?: Mode): Tensor {
    return super.invoke();
  }

  /** The activation that its output went through last, where it is known: `softmax` and `sigmoid` give no logits. */
  get outputActivation(): string | undefined {
    return undefined;
  }

  /** What it adds to the loss by itself, such as regularizers: scalars. */
  penalties(): Tensor[] {
    return [];
  }

  /** Loads tfjs and a backend, unless they are there. */
  override async prepare(): Promise<void> {
    if (activeBackend() === undefined) await resolveBackend();
  }
}

/** The Parameters of a Module and of all below it, by names such as `dense_1/kernel`. */
export function parametersOf(module: Module): [name: string, parameter: Parameter][] {
  const found: [string, Parameter][] = [];
  for (const [path, below] of module.modules()) {
    for (const [field, value] of Object.entries(below)) {
      for (const [name, leaf] of leavesIn(value, field)) {
        if (isParameter(leaf)) found.push([join(path, name).replaceAll(".", "/"), leaf]);
      }
    }
  }
  return found;
}

/** What a Module and all below it add to the loss. */
export function penaltiesOf(module: Module): Tensor[] {
  return [...module.modules()].flatMap(([, below]) => (below as Partial<Net>).penalties?.() ?? []);
}

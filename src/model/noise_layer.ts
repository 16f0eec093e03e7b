import type { Tensor } from "@tensorflow/tfjs-core";
import type { z } from "zod";
import { tf } from "../backend/tf.ts";
import { sizeOf } from "../module/ndarray.ts";
import { Random } from "../module/random.ts";
import { Layer } from "./layer.ts";
import type { Mode } from "./net.ts";

/**
 * A layer that disturbs a training step at random and leaves others as they are. What it draws comes from a stream of
 * its own, whose position is state: tfjs's layers draw the same mask in each step once they are seeded.
 */
export abstract class NoiseLayer<S extends z.ZodObject = z.ZodObject> extends Layer<S> {
  /** Where its randomness comes from. */
  random: Random = new Random();

  override invoke(x: Tensor, mode: Mode = { training: false }): Tensor {
    return mode.training && this.active ? this.disturb(x) : x;
  }

  /** Whether it disturbs anything. */
  protected abstract get active(): boolean;

  /** What a training step goes on with. */
  protected abstract disturb(x: Tensor): Tensor;
}

/** A tensor of `kept` with probability 1 - rate, and of zeros. */
export function drawMask(random: Random, shape: readonly number[], rate: number, kept: number): Tensor {
  const values = new Float32Array(sizeOf(shape));
  random.fillUniform(values);
  for (let i = 0; i < values.length; i++) values[i] = values[i]! < rate ? 0 : kept;
  return tf().tensor(values, [...shape], "float32");
}

/** A tensor of normal numbers. */
export function drawNormal(random: Random, shape: readonly number[], mean: number, deviation: number): Tensor {
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = mean + deviation * random.normal();
  return tf().tensor(values, [...shape], "float32");
}

import type { Tensor } from "@tensorflow/tfjs-core";
import { type Activation, activations } from "../../backend/ops/activation.ts";

/** An activation of tfjs's layers. */
export interface LayerActivation {
  getClassName(): string;
  apply(x: Tensor): Tensor;
}

/** What of a layer's activation our operation does together with its product, and what is done to the result. */
export function activationOf(
  activation: LayerActivation | null,
): readonly [fused: Activation, rest: (y: Tensor) => Tensor] {
  const name = activation?.getClassName() ?? "linear";
  if ((activations as readonly string[]).includes(name)) return [name as Activation, (y) => y];
  return ["linear", (y) => activation!.apply(y)];
}

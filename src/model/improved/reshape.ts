import type { TfjsLayer } from "../make_layer.ts";

/** Tells the length that -1 stands for also while the batch's is not known. */
export function improveReshape(layer: TfjsLayer): void {
  const { computeOutputShape } = layer;
  layer.computeOutputShape = (shape) => [shape[0]!, ...computeOutputShape.call(layer, [1, ...shape.slice(1)]).slice(1)];
}

import type { Access } from "../batch.ts";
import type { Dataset } from "../dataset.ts";

/** In which ways one may ask for items that are made of those of others. */
export function accessOver(datasets: readonly Dataset[], size: number): Access {
  const found = new Set(datasets.map(({ access }) => access));
  if (found.has("live")) return "live";
  if (found.has("forward") || (found.has("endless") && size !== Infinity)) return "forward";
  return found.has("endless") ? "endless" : "random";
}

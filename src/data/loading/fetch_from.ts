import { after } from "../after.ts";
import type { Dataset } from "../dataset.ts";
import type { Fetch } from "./look_ahead.ts";
import { padded } from "./pad.ts";

/** What gathers the batches of a data set; with `pad`, those of items that differ in shape, filled up with that. */
export function fetchFrom(dataset: Dataset, pad: number | null): Fetch {
  if (pad === null) return ({ indices, pass }) => dataset.gather(indices, pass);
  const name = dataset.constructor.name;
  return ({ indices, pass }) =>
    after(dataset.items(indices, pass), (items) => padded(items, dataset.description, pad, indices, name));
}

import { after, afterAll } from "../after.ts";
import type { Batch, Item } from "../batch.ts";
import type { Dataset } from "../dataset.ts";
import { groupPlaces, mergeBatches } from "./merge_batches.ts";
import { numbered } from "./view_dataset.ts";

/** One item among those of several data sets. */
export interface Place {
  readonly dataset: Dataset;
  /** The data set's name, for an error. */
  readonly name: string;
  readonly index: number;
  readonly pass: number;
}

/** A batch of items of several data sets, each asked once (for each pass) for all that it has in it. */
export function gatherParts(places: readonly Place[], numbers: ArrayLike<number>): Batch | Promise<Batch> {
  const groups = groupsOf(places);
  const batches = groups.map(([{ dataset, pass }, group]) =>
    dataset.gather(group.map((at) => places[at]!.index), pass)
  );
  if (groups.length === 1) return after(batches[0]!, (batch) => numbered(batch, numbers));
  return afterAll(batches, (batches) => {
    const portions = groups.map(([{ name }, group], i) => ({ name, places: group, batch: batches[i]! }));
    const short = portions.find(({ batch, places }) => batch.size < places.length);
    if (short !== undefined) throw endedEarly(short.name);
    return mergeBatches(portions, numbers);
  });
}

/** Like {@linkcode gatherParts}, not stacked. */
export function itemsOfParts(places: readonly Place[]): Item[] | Promise<Item[]> {
  const groups = groupsOf(places);
  const lists = groups.map(([{ dataset, pass }, group]) => dataset.items(group.map((at) => places[at]!.index), pass));
  return afterAll(lists, (lists) => {
    const items = new Array<Item>(places.length);
    groups.forEach(([{ name }, group], i) => {
      if (lists[i]!.length < group.length && groups.length > 1) throw endedEarly(name);
      group.forEach((at, j) => items[at] = lists[i]![j]!);
    });
    return items.filter((item) => item !== undefined);
  });
}

function groupsOf(places: readonly Place[]): [Place, number[]][] {
  const numbers = new Map<Dataset, number>();
  for (const { dataset } of places) if (!numbers.has(dataset)) numbers.set(dataset, numbers.size);
  const groups = groupPlaces(places.length, (at) => `${numbers.get(places[at]!.dataset)} ${places[at]!.pass}`);
  return [...groups.values()].map((group) => [places[group[0]!]!, group]);
}

const endedEarly = (name: string): RangeError =>
  new RangeError(
    `Cannot go on: ${name} ended before it gave all its items; say endless: true for a source that is to be begun again`,
  );

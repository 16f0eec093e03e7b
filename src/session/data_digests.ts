import type { Dataset } from "../data/dataset.ts";
import type { Provenance } from "./provenance.ts";

/** The digest of each data set by its name; null for one that can't give it. */
export type DataDigests = Readonly<Record<string, string | null>>;

/** A digest of each of an experiment's data sets. */
export async function dataDigests(
  session: { readonly dataProvider: { readonly datasets: Readonly<Record<string, Dataset>> } },
): Promise<DataDigests> {
  const digest = async (dataset: Dataset) => await dataset.digest();
  const named = Object.entries(session.dataProvider.datasets).map(async ([name, dataset]) =>
    [name, await digest(dataset).catch(() => null)] as const
  );
  return Object.fromEntries(await Promise.all(named));
}

/** A warning for each data set that is not the one that a run was trained on so far, by its record. */
export function changesOfData(recorded: unknown, now: DataDigests): string[] {
  const { data = {} } = (recorded ?? {}) as Partial<Provenance>;
  return Object.entries(data).flatMap(([name, digest]) => {
    const present = now[name] ?? null;
    if (digest === null || present === null || present === digest) return [];
    return [`the data set "${name}" is not the one that the run was trained on so far: its digest is another`];
  });
}

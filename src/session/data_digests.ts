import type { Dataset } from "../data/dataset.ts";
import type { Module } from "../module/module.ts";
import type { Provenance } from "./provenance.ts";

/** The digest of each data set by its name; null for one that can't give it. */
export type DataDigests = Readonly<Record<string, string | null>>;

/** What was found of a data set, made of these Modules. */
interface Known {
  readonly modules: readonly Module[];
  readonly digest: Promise<string | null>;
}

const known = new WeakMap<Dataset, Known>();

/** A digest of each of an experiment's data sets; each is looked at once, until something in it is replaced. */
export async function dataDigests(
  session: { readonly dataProvider: { readonly datasets: Readonly<Record<string, Dataset>> } },
): Promise<DataDigests> {
  const named = Object.entries(session.dataProvider.datasets).map(async ([name, dataset]) =>
    [name, await digestOf(dataset)] as const
  );
  return Object.fromEntries(await Promise.all(named));
}

function digestOf(dataset: Dataset): Promise<string | null> {
  const before = known.get(dataset), modules = [...dataset.modules()].map(([, module]) => module);
  const same = before?.modules.length === modules.length && modules.every((module, i) => module === before.modules[i]);
  if (same) return before.digest;
  const digest = (async () => await dataset.digest())().catch(() => null);
  known.set(dataset, { modules, digest });
  return digest;
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

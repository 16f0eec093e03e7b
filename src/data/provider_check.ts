import type { DataLoader } from "./data_loader.ts";
import type { Dataset } from "./dataset.ts";
import type { Mixture } from "./algebra/mixture.ts";
import type { MixtureDataset } from "./algebra/mixture_dataset.ts";
import { suggest } from "../module/text.ts";

/** Every reason why these data sets can't be trained and validated on through this loader. */
export function reasonsAgainst(datasets: Readonly<Record<string, Dataset>>, loader: DataLoader): string[] {
  if (Object.keys(datasets).length === 0) return ["there is no data set; put one into datasets, as train"];
  const reasons = Object.entries(datasets).flatMap(([phase, dataset]) => reasonsAgainstOne(phase, dataset));
  if (reasons.length > 0 || datasets.train === undefined) return reasons;
  const { train, ...others } = datasets;
  if (train.size === Infinity && train.access !== "forward" && loader.limit === null) {
    reasons.push(`train (${train.constructor.name}) has no end; give the dataLoader a limit, the items of a pass`);
  }
  const items = Math.min(train.size, loader.limit ?? Infinity);
  if (loader.insists && loader.batchSize > items) {
    reasons.push(`batchSize is ${loader.batchSize}, but a pass over train has ${items} items; make it smaller`);
  }
  const wanted = shapeOf(train);
  for (const [phase, dataset] of Object.entries(others)) {
    const found = shapeOf(dataset);
    if (found !== wanted) {
      reasons.push(`items of ${phase} have input ${found}, those of train ${wanted}; make them alike`);
    }
  }
  return reasons;
}

/** Every reason why a mixture of data sets can't be trained on. */
export function reasonsAgainstMixture(
  mixture: Mixture,
  datasets: Readonly<Record<string, Dataset>>,
  { mixed, loader }: { mixed: () => MixtureDataset; loader: DataLoader },
): string[] {
  const unknown = mixture.sources.filter((name) => !Object.hasOwn(datasets, name));
  if (unknown.length > 0) {
    return unknown.map((name) =>
      `the mixture has a weight for "${name}", and no data set has this name; ${suggest(name, Object.keys(datasets))}`
    );
  }
  try {
    mixed().checkSources();
    mixed().course(0, false, loader.limit);
    return [];
  } catch (error) {
    return [`mixture: ${(error as Error).message}`];
  }
}

function reasonsAgainstOne(phase: string, dataset: Dataset): string[] {
  try {
    if (dataset.size === 0) return [`${phase} (${dataset.constructor.name}) has no items; check its options`];
    void dataset.description; // raises what is wrong with its first item
    return [];
  } catch (error) {
    return [`${phase}: ${(error as Error).message}`];
  }
}

const shapeOf = (dataset: Dataset): string => `[${dataset.description.input.shape.join(", ")}]`;

import type { DataLoader } from "./data_loader.ts";
import type { Dataset } from "./dataset.ts";

/** Every reason why these data sets can't be trained and validated on through this loader. */
export function reasonsAgainst(datasets: Readonly<Record<string, Dataset>>, loader: DataLoader): string[] {
  if (Object.keys(datasets).length === 0) return ["there is no data set; put one into datasets, as train"];
  const reasons = Object.entries(datasets).flatMap(([phase, dataset]) => reasonsAgainstOne(phase, dataset));
  if (reasons.length > 0 || datasets.train === undefined) return reasons;
  const { train, ...others } = datasets;
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

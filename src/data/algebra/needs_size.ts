import type { Dataset } from "../dataset.ts";

/** A data set whose items may be asked for in any order. @throws {TypeError} one that gives them one after another */
export function needsSize(owner: Dataset, dataset: Dataset): Dataset {
  if (dataset.access === "random") return dataset;
  throw new TypeError(
    `Cannot use ${dataset.constructor.name} in ${owner.constructor.name}: it gives its items only one after another; keep them first, as new CacheDataset({ dataset: new TakeDataset({ dataset, count }) })`,
  );
}

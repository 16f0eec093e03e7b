import { usualBatchSize } from "../../data/data_loader.ts";
import { optionsByPath } from "../option_paths.ts";

/** What is done where an option isn't in the record, since nothing was said: by the place of its part and its name. */
const unsaid: readonly (readonly [part: string, option: string, value: unknown])[] = [
  ["dataProvider.dataLoader", "batchSize", usualBatchSize],
];

/** Every option of a run's configuration by its path, with those that were left to a default that isn't on record. */
export function runOptions(configuration: unknown): Map<string, unknown> {
  const found = optionsByPath(configuration);
  for (const [part, option, value] of unsaid) {
    const path = `${part}.${option}`;
    if (found.has(part) && !found.has(path)) found.set(path, value);
  }
  return found;
}

import { join } from "node:path";
import { Configuration } from "../module/configuration.ts";
import { decodeValue, type Json, type Value } from "../module/value.ts";
import type { Reopening } from "../session/options.ts";
import { changedError, experimentDifferences, onlyBudget } from "../session/same_experiment.ts";
import { isCovered, optionAt, override, type Overrides, pathsOf } from "./option_paths.ts";
import type { NotebookRecord } from "./record_schema.ts";
import { fromHere } from "./store_place.ts";

/** The configuration to open a run with. */
export interface OpenedConfiguration {
  /** As the run had it, with what the record hides put back. */
  readonly base: Record<string, unknown>;
  /** With the changes that were asked for. */
  readonly changed: Record<string, unknown>;
}

/** What a record says that its run was configured with. */
export const configurationIn = ({ configuration }: NotebookRecord): Record<string, Value> =>
  decodeValue(configuration as Json) as Record<string, Value>;

/**
 * The configuration of a record, to be opened: what it hides comes from the store's record of the run or from the
 * changes, paths become such as they are seen from here.
 *
 * @throws {TypeError} something hidden that nobody gives
 */
export function openConfiguration(
  record: NotebookRecord,
  folder: string,
  stored: unknown,
  overrides: Overrides,
): OpenedConfiguration {
  const given = pathsOf(overrides), recorded = configurationIn(record);
  const kept = stored === undefined ? undefined : decodeValue(stored as Json);
  const filled: Record<string, unknown> = record.id === record.name ? {} : { name: record.id };
  const missing: string[] = [];
  for (const path of record.hidden.filter((path) => !/^(params|dbInterface)(\.|$)/.test(path))) {
    const value = optionAt(kept, path);
    if (value !== undefined) filled[path] = value;
    else if (!isCovered(path, given)) missing.push(path);
  }
  for (const path of record.relative) {
    filled[path] = optionAt(kept, path) ?? fromHere(join(folder, optionAt(recorded, path) as string));
  }
  if (missing.length > 0) throw notGiven(record.id, missing);
  const known = override(recorded, filled), changed = override(known, overrides);
  const again = record.hidden.filter((path) => isCovered(path, given) && optionAt(changed, path) !== undefined);
  const base = override(known, Object.fromEntries(again.map((path) => [path, optionAt(changed, path)])));
  return { base, changed };
}

/** Checks that a changed configuration may go on with the run. @throws {Error} it is another experiment */
export function checkSame(id: string, { base, changed }: OpenedConfiguration, reopening: Reopening): void {
  const [before, after] = [base, changed].map((data) => new Configuration(data).resolve().toJSON());
  const found = experimentDifferences(before, after);
  const { fresh, fork, extend } = reopening;
  if (found.length === 0 || fresh || fork !== undefined || (extend && onlyBudget(found))) return;
  throw changedError(id, found);
}

const notGiven = (id: string, paths: readonly string[]) =>
  new TypeError(
    `Cannot open the run "${id}": its notebook doesn't hold ${
      paths.join(", ")
    } (secret, too large, or a path outside ` +
      `of the notebook's folder); give it again: open({}, { "${paths[0]}": ... })`,
  );

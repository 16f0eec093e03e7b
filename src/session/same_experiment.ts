import { describeDifferences, type Difference, differences } from "../module/difference.ts";
import { isRecord } from "../module/value.ts";

/** Options that are no part of what the experiment is: how it is called and kept, what computes it. */
const apart = new Set(["name", "dbInterface", "backend", "threads", "tags", "onStoreFailure"]);

/** Options of a DataLoader that say how batches are fetched, and not which. */
const fetching = /^dataProvider\.dataLoader\.(prefetch|workers|modules)\b/;

/** Where the State lies that a run begins with: which one it is, is said by the rest. */
const elsewhere = /^load\.from\b/;

/** Options that say how long to train: a run may be extended by them. */
export const budgetFields: readonly string[] = ["epochs", "steps", "seconds", "target"].map((name) =>
  `trainer.looper.${name}`
);

/** Whether an option says how long to train. */
export const isBudget = (path: string): boolean =>
  budgetFields.some((field) => path === field || path.startsWith(`${field}.`));

/** Where two resolved configurations describe different experiments. Paths name no classes, as one would write them. */
export function experimentDifferences(recorded: unknown, present: unknown): Difference[] {
  const both = [recorded, present].map((configuration) =>
    Object.fromEntries(Object.entries(configuration as object).filter(([key]) => !apart.has(key)))
  );
  return differences(both[0], both[1]).map((found) => ({ ...found, path: withoutClasses(found.path) }))
    .filter(({ path }) => !fetching.test(path) && !elsewhere.test(path));
}

/** Whether differences only say that training goes on longer. */
export const onlyBudget = (found: readonly Difference[]): boolean => found.every(({ path }) => isBudget(path));

/** The error that keeps an experiment from taking another's place. */
export function changedError(name: string, found: readonly Difference[]): Error {
  return new Error(
    `Cannot go on with "${name}": a run of this name has another configuration:\n${describeDifferences(found)}\n` +
      `Go back to that configuration, give this experiment a name of its own, or pass Session.configure(configuration, ...) one of ` +
      `{ fresh: true } (start over; the old run is kept under another name), { fork: STEP } (a new run from the old one's ` +
      `checkpoint at that step) or { extend: true } (only the budget differs: train longer)`,
  );
}

/** Every plain option with its path, without the names of classes: `trainer.model.optimizer.learningRate`. */
export function* plainOptions(node: unknown, path: string[] = []): Generator<[path: string, value: unknown]> {
  if (isRecord(node) && Object.keys(node).length > 0) {
    for (const [key, value] of Object.entries(node)) {
      yield* plainOptions(value, /^\p{Lu}/u.test(key) ? path : [...path, key]);
    }
  } else yield [path.join("."), node];
}

/** A path less the names of classes; a class at its end stays, for there the class itself differs. */
function withoutClasses(path: string): string {
  const keys = path.split(".");
  return keys.filter((key, i) => i === keys.length - 1 || !/^\p{Lu}/u.test(key)).join(".");
}

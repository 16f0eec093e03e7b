import type { Configuration } from "../module/configuration.ts";
import { History } from "../module/history.ts";
import { isRecord } from "../module/value.ts";
import type { LabelledRun } from "./compare_figure.ts";

/** One of several runs: a Session, a run of a notebook, a History, or one with a label of your own. */
export type Run = History | { readonly history: History; readonly label?: string; readonly id?: string };

interface Described {
  readonly history: History;
  readonly label?: string;
  readonly id?: string;
  readonly configuration?: Configuration;
}

/** Runs with their labels: their own, else their names; those that differ in nothing but name and seed have one. */
export function labelsOf(runs: readonly Run[]): LabelledRun[] {
  const found = runs.map((run, i): { history: History; label?: string; name: string; what: string | undefined } => {
    if (run instanceof History) return { history: run, name: `run ${i + 1}`, what: undefined };
    const { history, label, id, configuration } = run as Described;
    if (!(history instanceof History)) {
      throw new TypeError(
        `Cannot compare run ${i + 1}: it has no History; give Sessions, Histories, { label, history }`,
      );
    }
    const what = configuration === undefined ? undefined : sameness(configuration);
    return { history, ...(label === undefined ? {} : { label }), name: id ?? `run ${i + 1}`, what };
  });
  return found.map(({ history, label, name, what }) => {
    const repeats = what === undefined ? [] : found.filter((other) => other.what === what);
    return { history, label: label ?? (repeats.length > 1 ? commonName(repeats.map((run) => run.name)) : name) };
  });
}

/** What repeats of an experiment have in common. */
function sameness(configuration: Configuration): string | undefined {
  const { name: _, seed: __, tags: ___, dbInterface: ____, ...rest } = configuration.toJSON() as Record<
    string,
    unknown
  >;
  return isRecord(rest) ? JSON.stringify(rest) : undefined;
}

/** What names begin with: `wide` for `wide-1` and `wide-2`. */
function commonName(names: readonly string[]): string {
  let length = 0;
  while (names.every((name) => length < name.length && name[length] === names[0]![length])) length++;
  const common = names[0]!.slice(0, length).replace(/[-_.\s]+(seed)?[-_.\s]*$/i, "");
  return `${common || names[0]} (${names.length} runs)`;
}

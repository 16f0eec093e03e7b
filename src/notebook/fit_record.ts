import type { History } from "../module/history.ts";
import { bestOf, higherIsBetter } from "../module/series.ts";
import { encodeValue, isRecord, type Json } from "../module/value.ts";
import { leaveOutLarge } from "./large_options.ts";
import { isCovered } from "./option_paths.ts";
import type { NotebookRecord } from "./record_schema.ts";
import { reduceHistory } from "./reduced_history.ts";

/** A record that isn't sealed. */
type Unsealed = Omit<NotebookRecord, "checksum">;
/** What a record tells of a run's series. */
type Told = Pick<NotebookRecord, "series" | "history">;

/** Bytes in a notebook that options may take. */
const largest = { configuration: 16_000, params: 3_000 };
/** Characters that a record may take without its weights, and those that its series get whatever else there is. */
const wholeRoom = 16_000, leastRoom = 5_000;
/** Characters of a History, for each series and for few. */
const share = 2_000, shares = 4;
/** No series takes fewer characters. */
const leastSeries = 200;
/** A series whose name is longer is left out. */
const longestName = 200;

/** Makes a record fit into a notebook: of what is too large it keeps a part, and says so. */
export function fitRecord(record: Omit<Unsealed, keyof Told>, history: History): Unsealed {
  const configuration = leaveOutLarge(record.configuration, largest.configuration);
  const params = isRecord(record.params)
    ? leaveOutLarge(record.params as Record<string, Json>, largest.params)
    : { value: record.params, omitted: [] };
  const omitted = [...configuration.omitted, ...params.omitted.map((path) => `params.${path}`)];
  const others = (paths: readonly string[]) => paths.filter((path) => !isCovered(path, omitted));
  const small = {
    ...record,
    configuration: configuration.value,
    params: params.value,
    hidden: [...others(record.hidden), ...omitted],
    relative: others(record.relative),
  };
  return { ...small, ...tell(history, Math.max(leastRoom, wholeRoom - lengthOf({ ...small, weights: null }))) };
}

/** As many series as there is room for, each with as many points as there is. */
function tell(history: History, room: number): Told {
  const order = byQuantity(history.names.filter(({ length }) => length <= longestName));
  for (let most = Math.floor(room / leastSeries);; most = Math.floor(Math.min(most, order.length) * 0.8)) {
    const chosen = new Set(order.slice(0, most)), names = history.names.filter((name) => chosen.has(name));
    const series = seriesOf(history, names), left = room - lengthOf(series);
    const budget = Math.max(0, Math.min(left, share * Math.max(shares, names.length)));
    const reduced = reduceHistory(history, { names, room: budget });
    if (names.length === 0 || lengthOf(reduced) <= left) return { series, history: reduced };
  }
}

/** What is to be seen together comes together: `train/loss`, `validation/loss`, then the others. */
function byQuantity(names: readonly string[]): string[] {
  const quantities = names.map((name) => name.slice(name.indexOf("/") + 1)), first = new Map<string, number>();
  quantities.forEach((quantity, i) => first.has(quantity) || first.set(quantity, i));
  const places = new Map(names.map((name, i) => [name, first.get(quantities[i]!)!]));
  return names.toSorted((a, b) => places.get(a)! - places.get(b)!);
}

const lengthOf = (json: unknown): number => JSON.stringify(json).length;

function seriesOf(history: History, names: readonly string[]): NotebookRecord["series"] {
  return Object.fromEntries(names.map((name) => {
    const better = higherIsBetter(name, "auto") ? "max" : "min";
    const { y, step, epoch } = history.series(name);
    const point = (i: number) => ({ value: encodeValue(y[i]!) as number, step: step![i]!, epoch: epoch![i]! });
    const best = bestOf(y, better);
    return [name, { values: y.length, last: point(y.length - 1), best: best < 0 ? null : point(best), better }];
  }));
}

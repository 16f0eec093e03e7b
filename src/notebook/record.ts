import { isDeepStrictEqual } from "node:util";
import type { History } from "../module/history.ts";
import { type State, valueToState } from "../module/state.ts";
import { encodeValue, isRecord, type Json, mapRecord, type Value } from "../module/value.ts";
import { dataDigests } from "../session/data_digests.ts";
import { provenance } from "../session/provenance.ts";
import { type Redactor, redactor } from "../session/redact_text.ts";
import type { Session } from "../session/session.ts";
import { fitRecord } from "./fit_record.ts";
import { type NotebookRecord, recordFormat, recordVersion, seal } from "./record_schema.ts";
import { shareOptions } from "./shared_options.ts";
import { placeOf } from "./store_place.ts";
import { readStored, type StoredRun } from "./stored_run.ts";
import { embedWeights } from "./weights.ts";

/** What a Session doesn't know of the notebook that it is in. */
export interface RecordExtras {
  /** The notebook's folder, which paths in the record are relative to; by default the working folder, as in a kernel. */
  readonly folder?: string;
  /** The notebook's parameters. */
  readonly params?: Readonly<Record<string, Value>> | null;
  /** Digests of the source of the cell that shows the run and of the one that configured it, by `sourceDigest`. */
  readonly source?: { readonly cell?: string | null; readonly configured?: string | null };
  /** Embeds the State where it takes no more bytes than this. */
  readonly weights?: { readonly limit: number };
}

/** Letters that a record keeps of all warnings, the latest, of each, and of any other text that may be long. */
const allWarnings = 2000, longestWarning = 300, longestText = 500;

/**
 * A run's record for its output in a notebook. It holds no token, no environment variable and no path from the root;
 * what had to be left out of the configuration it lists in `hidden`. Without weights it takes about 16 kB at most, a
 * large configuration 8 more.
 */
export async function recordOf(session: Session, extras: RecordExtras = {}): Promise<NotebookRecord> {
  const { folder = Deno.cwd(), params = null, source = {}, weights } = extras;
  const redact = redactor();
  const { status, history } = session;
  const counts = countsOf(session), { phase, reason } = status;
  const state = await stateOf(session); // of the same moment as what is above: all is read before the first wait
  const stored = await readStored(session.dbInterface, session.id).catch(() => undefined);
  const store = placeOf(session.dbInterface, folder);
  const configuration = shareConfiguration(session, store, folder, redact);
  const given = shareOptions(params as Value, folder, redact, "params");
  return seal(fitRecord({
    format: recordFormat,
    version: recordVersion,
    id: session.id,
    name: session.name,
    phase,
    reason: reason === undefined ? null : cut(redact(reason), longestText),
    times: timesOf(session, stored),
    seed: (session.configuration.toJSON() as { seed: number }).seed,
    backend: status.backend,
    configuration: configuration.value,
    params: encodeValue(given.value),
    hidden: [...configuration.hidden, ...given.hidden],
    relative: [...configuration.relative],
    provenance: await provenanceOf(session, stored, redact),
    lineage: stored?.record.lineage ?? null,
    digests: {
      data: await dataDigests(session),
      state: state.digest(),
      checkpoint: checkpointDigest(stored, counts, history),
    },
    counts,
    warnings: latestWarnings(status.warnings.map(redact)),
    replaced: mapRecord(stored?.replaced ?? {}, redact),
    source: { cell: source.cell ?? null, configured: source.configured ?? null },
    store,
    weights: weights === undefined ? null : embedWeights(state, weights.limit),
  }, history));
}

/** The State; of a run that failed with the device that held it, an empty one. */
async function stateOf(session: Session): Promise<State> {
  try {
    return await session.state();
  } catch (error) {
    if (session.status.phase !== "failed") throw error;
    return valueToState({});
  }
}

/** The digest of the store's checkpoint, if that is one of what is shown: another sitting's tells nothing of this one. */
function checkpointDigest(stored: StoredRun | undefined, { steps }: NotebookRecord["counts"], history: History) {
  if (stored?.checkpoint === undefined || stored.checkpoint.step > steps) return null;
  const before = stored.history, here = history.slice(Math.min(before.length, history.length));
  const isSame = before.length === here.length && before.names.every((name) => isDeepStrictEqual(...lasts(name)));
  return isSame ? stored.digest ?? null : null;

  function lasts(name: string) {
    return [before.last(name), here.last(name)] as const;
  }
}

const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;

function latestWarnings(warnings: readonly string[]): string[] {
  const kept: string[] = [];
  let letters = 0;
  for (const warning of warnings.toReversed()) {
    const text = cut(warning, longestWarning);
    if ((letters += text.length) > allWarnings) break;
    kept.unshift(text);
  }
  return kept;
}

function shareConfiguration(session: Session, store: NotebookRecord["store"], folder: string, redact: Redactor) {
  const configuration = session.configuration.toJSON() as Record<string, Value>;
  if (store.path !== null) configuration.dbInterface = { [store.kind]: { path: store.path } };
  const shared = shareOptions(configuration, folder, redact);
  return { ...shared, value: encodeValue(shared.value) as Record<string, Json> };
}

async function provenanceOf(session: Session, stored: StoredRun | undefined, redact: Redactor) {
  const found = stored?.record.provenance;
  const { seed } = session.configuration.toJSON() as { seed: number };
  const own = isRecord(found) ? found : await provenance(seed, session.status);
  return redactAll(own as unknown as Json, redact) as Record<string, Json>;
}

function redactAll(json: Json, redact: Redactor): Json {
  if (typeof json === "string") return cut(redact(json), longestText);
  if (Array.isArray(json)) return json.map((item) => redactAll(item, redact));
  return isRecord(json) ? mapRecord(json as Record<string, Json>, (item) => redactAll(item, redact)) : json;
}

/** Of a run that this process only found, the store's times. */
function timesOf({ status }: Session, stored: StoredRun | undefined): NotebookRecord["times"] {
  const iso = (time: number | undefined) => time === undefined ? null : new Date(time).toISOString();
  const { running } = status.times, over = ["completed", "interrupted", "failed"].includes(status.phase);
  return {
    created: stored?.record.created ?? null,
    began: iso(running),
    ended: !over ? null : running === undefined ? stored?.record.updated ?? null : iso(status.times[status.phase]),
    recorded: new Date().toISOString(),
  };
}

function countsOf({ trainer: { looper }, history }: Session): NotebookRecord["counts"] {
  const { step, epoch, samples, elapsed } = looper;
  const seconds = Math.round(elapsed * 1000) / 1000;
  return { steps: step, epochs: epoch, samples, seconds, statistics: history.length };
}

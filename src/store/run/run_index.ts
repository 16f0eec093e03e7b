import { decodeValue, encodeValue, equalValues, isRecord, type Value } from "../../module/value.ts";
import type { Folder } from "../folder.ts";
import { SharedLow, type TextFormat } from "../lowdb_adapter.ts";
import { mapParallel } from "../queue.ts";
import { listRuns, readHeartbeat, readRecord } from "./run_files.ts";
import type { RunRecord, RunSummary } from "./run_record.ts";

const path = "index.json";

interface Index {
  runs: Record<string, RunSummary>;
}

/** The runs' summaries in one small file. The runs' folders are the truth: what it lacks is taken from them. */
export class RunIndex {
  readonly #folder: Folder;
  readonly #low: SharedLow<Index>;
  readonly #warn: (message: string) => void;

  constructor(folder: Folder, warn: (message: string) => void) {
    this.#folder = folder;
    this.#warn = warn;
    this.#low = new SharedLow<Index>(folder, path, format, () => ({ runs: {} }));
  }

  /** All runs, oldest first. Nothing is written. */
  async list(): Promise<RunSummary[]> {
    const index = await this.#read() ?? await this.#lost();
    const runs = await this.#reconcile(index);
    const found = await mapParallel(Object.values(runs), 16, async (run) => {
      const heartbeat = await readHeartbeat(this.#folder, run.id);
      return heartbeat === undefined ? run : { ...run, heartbeat };
    });
    return found.sort((a, b) => a.created < b.created ? -1 : a.created > b.created ? 1 : a.id < b.id ? -1 : 1);
  }

  /** Writes down a run as it is now. */
  async put(record: RunRecord): Promise<void> {
    const summary = summarize(record);
    await this.#low.update(async (low) => {
      if (await this.#folder.info(path) === undefined) await this.#lost(record.id);
      const runs = await this.#reconcile({ runs: { ...low.data.runs, [record.id]: summary } });
      const changed = !equalValues(runs, low.data.runs);
      low.data = { runs };
      return changed;
    }, { repair: () => Promise.resolve(this.#damaged()) });
  }

  /** Adds what was found out later about runs that nobody has changed since. */
  async fill(found: readonly RunSummary[]): Promise<void> {
    await this.#low.update((low) => {
      const isAsKnown = ({ id, updated }: RunSummary) =>
        Object.hasOwn(low.data.runs, id) && low.data.runs[id]!.updated === updated;
      const news = found.filter(isAsKnown).map(({ heartbeat: _, ...run }) => [run.id, run] as const);
      low.data = { runs: { ...low.data.runs, ...Object.fromEntries(news) } };
      return news.length > 0;
    }, { repair: () => Promise.resolve(this.#damaged()) });
  }

  async #read(): Promise<Index | undefined> {
    try {
      return await this.#low.read();
    } catch (error) {
      if (error instanceof SyntaxError) return this.#damaged();
      throw error;
    }
  }

  #damaged(): Index {
    this.#warn(`${path} was damaged: it is made anew from the runs' folders`);
    return { runs: {} };
  }

  async #lost(except?: string): Promise<Index> {
    const others = (await listRuns(this.#folder)).filter((id) => id !== except);
    if (others.length > 0) this.#warn(`${path} was missing: it is made anew from the runs' folders`);
    return { runs: {} };
  }

  /** Adds the runs that have a folder, drops those that have none. */
  async #reconcile(index: Index): Promise<Record<string, RunSummary>> {
    const runs: Record<string, RunSummary> = {};
    for (const id of await listRuns(this.#folder)) {
      const known = Object.hasOwn(index.runs, id) ? index.runs[id] : undefined;
      const summary = known ?? await this.#summarizeFolder(id);
      if (summary !== undefined) Object.defineProperty(runs, id, { value: summary, enumerable: true });
    }
    return runs;
  }

  async #summarizeFolder(id: string): Promise<RunSummary | undefined> {
    try {
      const record = await readRecord(this.#folder, id);
      return record && summarize(record);
    } catch (error) {
      this.#warn((error as Error).message);
      return undefined;
    }
  }
}

function summarize({ configuration: _, provenance: __, heartbeat: ___, ...summary }: RunRecord): RunSummary {
  return summary;
}

const format: TextFormat<Index> = {
  stringify: (index) => JSON.stringify(encodeValue(index as unknown as Value), null, 2) + "\n",
  parse(text) {
    const index = decodeValue(JSON.parse(text)) as unknown as Index;
    const good = isRecord(index?.runs) && Object.values(index.runs).every((run) => typeof run?.id === "string");
    if (!good) throw new SyntaxError(`Cannot read ${path}: it is no index of runs`);
    return index;
  },
};

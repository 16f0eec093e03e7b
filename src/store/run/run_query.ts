import { quoted, suggest } from "../../module/text.ts";
import { isRecord } from "../../module/value.ts";
import type { Document, Query } from "../documents/access_request.ts";
import { type Filter, valueAt } from "../documents/filter.ts";
import { wholePath } from "../option_paths.ts";
import { runQuery } from "../documents/query.ts";
import { mapParallel } from "../queue.ts";
import { momentCondition, momentFields } from "./moment_condition.ts";
import { documentFields, recordFields, type RunDocument, toDocument } from "./run_document.ts";
import { runOptions } from "./run_options.ts";
import type { RunRecord, RunSummary } from "./run_record.ts";
import { shownRuns } from "./shown_runs.ts";
import { singleTags, tagConditions } from "./tag_condition.ts";
import { mapConditions } from "./where_conditions.ts";

/** Which runs, in which order, how many, and what of them; paths are those of a {@linkcode RunDocument}. */
export type RunQuery = Omit<Query, "collection">;

/** Where {@linkcode queryRuns} looks. */
export interface RunSource {
  list(): Promise<readonly RunSummary[]>;
  find(id: string): Promise<RunRecord | undefined>;
}

const keys = ["where", "sort", "skip", "limit", "select"];

/**
 * The runs that a query asks for, oldest first unless it sorts. A path is that of a field (`phase`,
 * `best.validation/accuracy`) or of an option of the configuration, also written short (`trainer.epochs`).
 *
 * @throws {TypeError} a query that isn't one; @throws {RangeError} a path that no run has, with the nearest one
 */
export async function queryRuns(source: RunSource, query: RunQuery = {}): Promise<RunDocument[]> {
  checkQuery(query);
  const summaries = await source.list();
  if (summaries.length === 0) return shownRuns([], query);
  const read = new Reader(source);
  const used = pathsIn(query);
  const runs = used.some(needsRecord) ? await read.all(summaries) : [...summaries];
  const documents = runs.map(toDocument);
  const paths = new Paths(documents, used);
  const { select, skip, limit } = query;
  const prepared = new Map(documents.map((document) => [paths.prepare(document) as Document, document]));
  const mostTags = Math.max(0, ...documents.map(({ tags = [] }) => tags.length));
  const found = runQuery([...prepared.keys()], { collection: "runs", skip, limit, ...rewrite(query, mostTags) })
    .map((document) => prepared.get(document)!);
  if (select !== undefined) return shownRuns(found.map((document) => paths.select(document, select)), query);
  const whole = await read.all(found.map(({ id }) => summaries.find((run) => run.id === id)!));
  return shownRuns(whole.map(toDocument), query);
}

/** Reads records, each once; of a run that can't be read, or is gone, the summary does. */
class Reader {
  readonly #source: RunSource;
  readonly #known = new Map<string, RunSummary | RunRecord>();

  constructor(source: RunSource) {
    this.#source = source;
  }

  all(runs: readonly RunSummary[]): Promise<(RunSummary | RunRecord)[]> {
    return mapParallel(runs, 16, async (run) => {
      const known = this.#known.get(run.id);
      if (known !== undefined) return known;
      const record = await this.#source.find(run.id).catch(() => undefined);
      const both = record === undefined ? run : { ...record, summary: run.summary ?? record.summary };
      this.#known.set(run.id, both);
      return both;
    });
  }
}

/** What the paths of a query mean for the runs there are. */
class Paths {
  /** The whole path of each that names an option. */
  readonly #options = new Map<string, string>();
  readonly #optionsOf = new Map<RunDocument, Map<string, unknown>>();

  constructor(documents: readonly RunDocument[], used: readonly string[]) {
    for (const path of new Set(used)) {
      const [head] = path.split(".") as [string];
      const isField = documentFields.includes(head) && !path.startsWith("configuration.");
      if (!isField) this.#findOption(path, documents);
      else if (path !== head) this.#checkField(path, head, documents);
    }
  }

  /** A document in which every path of the query leads to its value. */
  prepare(document: RunDocument): RunDocument {
    const options = [...this.#options].map(([path, whole]) => [path, this.#allOptions(document).get(whole)]);
    return { ...document, ...singleTags(document.tags), ...Object.fromEntries(options) };
  }

  /** What was selected, each under its path. */
  select(document: RunDocument, paths: readonly string[]): RunDocument {
    const prepared = { ...this.prepare(document), tags: document.tags };
    const values = paths.map((path) => [path, valueAt(prepared, path)]).filter(([, value]) => value !== undefined);
    return { id: document.id, ...Object.fromEntries(values) };
  }

  #findOption(path: string, documents: readonly RunDocument[]): void {
    const known = new Set(documents.flatMap((document) => [...this.#allOptions(document).keys()]));
    try {
      this.#options.set(path, wholePath(path.replace(/^configuration\./, ""), known));
    } catch (error) {
      const near = seriesNamed(path, documents) ??
        suggest(otherWords[path] ?? path, [
          ...documentFields,
          ...pathsBelow(documents),
          ...known,
          ...endsOf(known, path),
        ]);
      const { message } = error as Error;
      const why = message.startsWith("no run has it") ? `no run has it; ${near}` : message;
      throw new RangeError(`Cannot query runs by "${path}": ${why}`);
    }
  }

  #checkField(path: string, head: string, documents: readonly RunDocument[]): void {
    const withHead = documents.filter((document) => document[head] !== undefined);
    if (withHead.length === 0 || documents.some((document) => valueAt(document, path) !== undefined)) return;
    const known = pathsBelow(withHead).filter((other) => other.startsWith(`${head}.`));
    throw new RangeError(`Cannot query runs by "${path}": no run has it; ${suggest(path, known)}`);
  }

  #allOptions(document: RunDocument): Map<string, unknown> {
    const known = this.#optionsOf.get(document) ?? runOptions(document.configuration);
    this.#optionsOf.set(document, known);
    return known;
  }
}

/** A query's conditions and order, for documents that were prepared and have at most so many tags. */
function rewrite({ where = {}, sort }: RunQuery, mostTags: number): Pick<Query, "where" | "sort"> {
  const conditions = (path: string, operand: unknown) => {
    if (path === "tags") return tagConditions(operand, mostTags);
    return [{ [path]: momentFields.includes(path) ? momentCondition(operand) : operand }];
  };
  return { where: mapConditions(where, conditions), sort };
}

/** The dotted paths of what lies in the fields of documents, configurations apart. */
function pathsBelow(documents: readonly RunDocument[]): string[] {
  const found = new Set<string>();
  const visit = (node: unknown, path: string): void => {
    if (!isRecord(node)) return void found.add(path);
    for (const [key, item] of Object.entries(node)) visit(item, path === "" ? key : `${path}.${key}`);
  };
  for (const { configuration: _, ...rest } of documents) visit(rest, "");
  return [...found];
}

/** Fields by words that stand for them elsewhere. */
const otherWords: Readonly<Record<string, string>> = { date: "created", started: "created", status: "phase" };

const seriesNamed = (path: string, documents: readonly RunDocument[]): string | undefined =>
  documents.some(({ last }) => last?.[path] !== undefined)
    ? `of this series there are "best.${path}", "last.${path}", "min.${path}", "max.${path}"`
    : undefined;

/** As many keys of paths' ends as a path has: what it may have been meant to be, written short. */
const endsOf = (known: Iterable<string>, path: string): string[] =>
  [...known].map((other) => other.split(".").slice(-path.split(".").length).join("."));

const needsRecord = (path: string): boolean => {
  const [head] = path.split(".") as [string];
  return recordFields.includes(head) || !documentFields.includes(head);
};

/** Every path in a query. */
function pathsIn({ where = {}, sort = {}, select = [] }: RunQuery): string[] {
  const inside = (filter: Filter): string[] =>
    Object.entries(filter).flatMap(([key, operand]) => {
      if (!key.startsWith("$")) return [key];
      return (Array.isArray(operand) ? operand : [operand]).flatMap((part) => isRecord(part) ? inside(part) : []);
    });
  return [...inside(where), ...Object.keys(sort), ...select];
}

function checkQuery(query: RunQuery): void {
  if (!isRecord(query)) throw new TypeError(`Cannot query runs: it takes a record, found ${typeof query}`);
  const unknown = Object.keys(query).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    throw new TypeError(`Cannot query runs: it takes no "${unknown}"; ${suggest(unknown, keys)}`);
  }
  const { select } = query;
  if (select !== undefined && !(Array.isArray(select) && select.every((path) => typeof path === "string"))) {
    throw new TypeError(`Cannot query runs: "select" takes a list of paths, as ${quoted(["name", "best.train/loss"])}`);
  }
  runQuery([], { collection: "runs", ...query, select: undefined }); // what is wrong is told before anything is read
}

import { z } from "zod";
import { isRecord, type Json } from "../module/value.ts";
import { jsonDigest } from "./digest.ts";

/** The format's name and version: what this reads and writes. */
export const recordFormat = "ptutils.run", recordVersion = 1;

/** A number as `encodeValue` writes it: what JSON lacks is tagged, `{"$number": "NaN"}`. */
const number = z.union([z.number(), z.strictObject({ $number: z.enum(["NaN", "Infinity", "-Infinity", "-0"]) })]);
const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const digest = sha256.nullable();
const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;
const point = z.object({ value: number, step: count, epoch: count });

const table = z.object({
  phase: z.string(),
  path: z.string(),
  names: z.array(z.string()),
  index: z.string(),
  step: z.string(),
  along: z.record(z.string(), z.string()),
  unit: z.number(),
  values: z.record(z.string(), z.string()),
});

/** What a run's output in a notebook holds; `null` where something isn't known. All of it is JSON. */
const recordSchema = z.object({
  format: z.literal(recordFormat),
  version: z.literal(recordVersion),
  /** Of all the rest, in hexadecimal. */
  checksum: sha256,
  /** Its name in the store. */
  id: z.string().min(1),
  /** The experiment's name: another one than the id for a fork. */
  name: z.string().min(1),
  phase: z.string(),
  reason: z.string().nullable(),
  /** ISO times: when the run was made, its latest sitting began and ended, this was written. */
  times: z.object({
    created: z.string().nullable(),
    began: z.string().nullable(),
    ended: z.string().nullable(),
    recorded: z.string(),
  }),
  seed: z.int(),
  backend: z.string(),
  /** With every default, as `encodeValue` writes it. */
  configuration: z.record(z.string(), json),
  /** The notebook's parameters, where it has some. */
  params: json,
  /**
   * Paths in the configuration or, after `params.`, in the parameters, of what is not as it was: secret, a path outside
   * of the folder, or too large. Give it again to open the run.
   */
  hidden: z.array(z.string()),
  /** Paths in the configuration of what was a path from the root, and is one from the notebook's folder. */
  relative: z.array(z.string()),
  /** Versions, code commit, command, system. */
  provenance: z.record(z.string(), json),
  lineage: z.object({ run: z.string(), sequence: count, step: count }).nullable(),
  digests: z.object({
    /** Of each data set, by its name; null where it could not be made. */
    data: z.record(z.string(), digest),
    /** Of the State when this was written. */
    state: sha256,
    /** Of the State in the latest checkpoint that the store has of what is shown: another one when the run failed since. */
    checkpoint: digest,
  }),
  counts: z.object({ steps: count, epochs: count, samples: count, seconds: z.number(), statistics: count }),
  /** Of each series: how many values, the last and the best with their places. */
  series: z.record(
    z.string(),
    z.object({ values: count, last: point, best: point.nullable(), better: z.enum(["min", "max"]) }),
  ),
  warnings: z.array(z.string()),
  history: z.object({
    statistics: count,
    reduced: z.boolean(),
    /** How many series there was no room for; they are not in `series` either. */
    omitted: count.optional(),
    tables: z.array(table),
  }),
  /** Modules that took another's place during the run: path to class with options, as JSON text. */
  replaced: z.record(z.string(), z.string()),
  /** Digests of the source of the cell that shows the run, and of the one that configured it. */
  source: z.object({ cell: digest, configured: digest }),
  /** Where the run is kept: a path from the notebook's folder; of one outside of it, only the last name. */
  store: z.object({ kind: z.string(), path: z.string().nullable(), outside: z.boolean() }),
  /** The State as base64 of a safetensors file; or why it was left out. */
  weights: z.union([
    z.object({ format: z.literal("safetensors"), bytes: count, base64: z.string() }),
    z.object({ omitted: z.string() }),
  ]).nullable(),
});

/** What a run's output in a notebook holds, as JSON: enough to see, compare and build the run again. */
export type NotebookRecord = z.infer<typeof recordSchema>;

/** Puts the checksum of all the rest into a record. */
export function seal(record: Omit<NotebookRecord, "checksum">): NotebookRecord {
  return { ...record, checksum: jsonDigest(record as unknown as Json) };
}

/** Reads a record as it lies in a notebook. @throws {SyntaxError} one that is damaged or of another version, saying how */
export function parseRecord(found: unknown): NotebookRecord {
  const data = typeof found === "string" ? parseText(found) : found;
  if (!isRecord(data) || data.format !== recordFormat) {
    throw damaged(`its format is ${JSON.stringify(isRecord(data) ? data.format : data)?.slice(0, 60)}`);
  }
  if (data.version !== recordVersion) {
    throw new SyntaxError(
      `Cannot read a run's record: it is of version ${JSON.stringify(data.version)}, known is ${recordVersion}; ` +
        `read it with the version of PTUtils that wrote it, or run its cell again`,
    );
  }
  const { success, data: record, error } = recordSchema.safeParse(data);
  if (!success) throw damaged(error.issues.slice(0, 3).map(describe).join(", "));
  const { checksum, ...rest } = data;
  if (jsonDigest(rest as Json) !== checksum) throw damaged("its content doesn't match its checksum");
  return record;
}

/** Some tools keep JSON as text. */
function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged((cause as Error).message, cause);
  }
}

const describe = ({ path, message }: z.core.$ZodIssue) => `${path.join(".") || "it"}: ${message}`;

const damaged = (what: string, cause?: unknown) =>
  new SyntaxError(
    `Cannot read a run's record: ${what}; it was cut or changed: run its cell again, or open the run from its store`,
    { cause },
  );

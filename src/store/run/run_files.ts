import { decodeValue, encodeValue, isRecord, type Json, type Value } from "../../module/value.ts";
import type { Folder } from "../folder.ts";
import { writeFile } from "../folder.ts";
import { hostname } from "../lock.ts";
import type { RunRecord } from "./run_record.ts";

/** The folder of a run's files. */
export const runPath = (id: string): string => `runs/${id}`;

/** The lock of a run's name. It is not in the run's folder, which may be renamed while it is held. */
export const runLockPath = (id: string): string => `locks/runs.${id}.lock`;

/** The ids of the runs that have a folder. */
export async function listRuns(folder: Folder): Promise<string[]> {
  return (await folder.list("runs")).filter((name) => !name.startsWith("."));
}

/** Writes `run.json`. */
export async function writeRecord(folder: Folder, path: string, record: RunRecord): Promise<void> {
  const { heartbeat: _, ...lasting } = record;
  await writeFile(folder, `${path}/run.json`, JSON.stringify(encodeValue(lasting as unknown as Value), null, 2) + "\n");
}

/** Reads `run.json`; undefined when there is no such run. @throws {SyntaxError} it is lost or damaged */
export async function readRecord(folder: Folder, id: string): Promise<RunRecord | undefined> {
  const path = `${runPath(id)}/run.json`;
  let bytes = await folder.read(path);
  if (bytes === undefined) {
    if ((await folder.list(runPath(id))).length === 0) return undefined;
    bytes = await folder.read(path); // another process may have made the run between the two looks
  }
  try {
    if (bytes === undefined) throw new SyntaxError("it is missing");
    const record = decodeValue(JSON.parse(new TextDecoder().decode(bytes)) as Json) as unknown as RunRecord;
    if (!isRecord(record) || typeof record.created !== "string") throw new SyntaxError("it is no run's record");
    const heartbeat = await readHeartbeat(folder, id);
    return { ...record, id, ...(heartbeat === undefined ? {} : { heartbeat }) };
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read run "${id}": ${folder.place}/${runPath(id)}/run.json: ${(cause as Error).message}; ` +
        `restore a copy of that file, or archive the run: start over with { fresh: true }`,
      { cause },
    );
  }
}

/** A sign of life of this process: its own small file, which may be lost in a power cut. */
export async function writeHeartbeat(folder: Folder, id: string): Promise<NonNullable<RunRecord["heartbeat"]>> {
  const host = hostname();
  const heartbeat = { time: new Date().toISOString(), pid: Deno.pid, ...(host === undefined ? {} : { host }) };
  await folder.note(`${runPath(id)}/heartbeat.json`, JSON.stringify(heartbeat));
  return heartbeat;
}

/** The last sign of life; undefined when there is none that can be read. */
export async function readHeartbeat(folder: Folder, id: string): Promise<RunRecord["heartbeat"]> {
  const bytes = await folder.read(`${runPath(id)}/heartbeat.json`);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

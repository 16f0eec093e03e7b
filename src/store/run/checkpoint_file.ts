import { crc32 } from "node:zlib";
import { decodeValue, encodeValue, type Json, type Value } from "../../module/value.ts";
import type { Folder } from "../folder.ts";
import { formatHeaded, readHead } from "../headed_json.ts";
import type { Checkpoint, CheckpointMeta } from "./run_record.ts";
import { decodeStored, type Encoded } from "../stored_array.ts";

const extension = ".json";
const sealLength = '{"checksum":"01234567",'.length;

/** A checkpoint's file, relative to its run's folder. */
export const checkpointPath = (sequence: number): string => `checkpoints/${sequence}${extension}`;

/** The sequence numbers of the checkpoints in a run's folder, oldest first. */
export async function listCheckpoints(folder: Folder, run: string): Promise<number[]> {
  const names = await folder.list(`${run}/checkpoints`);
  return names.filter((name) => /^\d+\.json$/.test(name)).map((name) => parseInt(name)).sort((a, b) => a - b);
}

/** A checkpoint as text: JSON with a checksum of all that follows it, and a head that names the blobs. */
export function formatCheckpoint(meta: CheckpointMeta, tree: Encoded, modules: Json | undefined): string {
  const head = { ...(encodeValue(meta as unknown as Value) as object), blobs: tree.blobs };
  const rest = formatHeaded(head, { tree: tree.json, ...(modules === undefined ? {} : { modules }) }).slice(1);
  return `{"checksum":"${checksum(rest)}",${rest}`;
}

/** Reads what {@linkcode formatCheckpoint} wrote; large arrays come as StoredArrays. @throws {SyntaxError} damage */
export function parseCheckpoint(text: string): Checkpoint {
  const rest = text.slice(sealLength);
  if (text.slice(0, sealLength) !== `{"checksum":"${checksum(rest)}",`) {
    throw new SyntaxError("its checksum doesn't match its content");
  }
  const { head, tree, modules } = JSON.parse(text) as Record<string, Json>;
  return { ...toMeta(head!), tree: decodeStored(tree!), ...(modules === undefined ? {} : { modules }) };
}

/** What a checkpoint is about, without reading the rest; undefined when there is none. @throws {SyntaxError} damage */
export async function readMeta(folder: Folder, path: string): Promise<CheckpointMeta | undefined> {
  const head = await readHead(folder, path);
  return head === undefined ? undefined : toMeta(head);
}

function toMeta(head: Json): CheckpointMeta {
  const { blobs: _, ...meta } = decodeValue(head) as unknown as CheckpointMeta & { blobs: string[] };
  return meta;
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, "0");

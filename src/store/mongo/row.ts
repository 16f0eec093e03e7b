import type { Value } from "../../module/value.ts";
import type { Document } from "../documents/access_request.ts";
import { decodeStored, encodeReferences } from "../stored_array.ts";
import type { Connected } from "./connection.ts";
import { decodeId, encodeId } from "./key.ts";
import { type Bson, fromBson, toBson } from "./value.ts";

/** A document as it lies in the database. */
export interface Row {
  _id: string;
  /** Grows in the order in which documents are first written. */
  order: number;
  value: Bson;
  /** The blobs that it refers to, if any. */
  blobs?: string[];
}

/** What MongoDB takes: 16 MiB and 100 levels, of which something is ours. */
const most = { bytes: 16_000_000, levels: 95 };

export function toRow({ _id, ...rest }: Document, order: number): Row {
  const { json, blobs } = encodeReferences(rest as Value);
  const row: Row = { _id: encodeId(_id), order, value: toBson(json) };
  return blobs.length === 0 ? row : { ...row, blobs };
}

export const toDocument = ({ _id, value }: Row): Document => ({
  _id: decodeId(_id),
  ...decodeStored(fromBson(value)) as Document,
});

/** The bytes that a row takes in the database. @throws {RangeError} it is more than MongoDB takes */
export function sizeOf(row: Row, collection: string, { driver }: Connected): number {
  const refuse = (found: string) =>
    new RangeError(
      `Cannot write document "${decodeId(row._id)}" of "${collection}": ${found}; put long lists of numbers into ` +
        `NDArrays, which are kept apart, or split it`,
    );
  if (depthOf(row.value) > most.levels) throw refuse(`it is nested deeper than MongoDB takes, ${most.levels} levels`);
  const size = driver.BSON.calculateObjectSize(row, { ignoreUndefined: true });
  if (size > most.bytes) throw refuse(`it has ${(size / 1e6).toFixed(1)} MB, and MongoDB takes 16`);
  return size;
}

function depthOf(value: Bson, limit = most.levels + 1): number {
  if (limit <= 0 || value === null || typeof value !== "object" || value instanceof Date) return 0;
  let deepest = 0;
  for (const item of Object.values(value)) deepest = Math.max(deepest, depthOf(item, limit - 1));
  return deepest + 1;
}

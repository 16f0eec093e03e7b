import type { NDArray } from "../../module/ndarray.ts";
import { digest, formatBlob } from "../blobs/blob_file.ts";
import { formatCheckpoint } from "./checkpoint_file.ts";
import { mapParallel } from "../queue.ts";
import type { Checkpoint } from "./run_record.ts";
import { encodeStored } from "../stored_array.ts";

/** SHA-256 of all that a checkpoint holds, the same whatever store it lies in. */
export async function checkpointDigest({ tree, modules, ...meta }: Checkpoint): Promise<string> {
  const names = (arrays: readonly NDArray[]) => mapParallel(arrays, 8, (array) => digest(formatBlob(array)));
  const text = formatCheckpoint(meta, await encodeStored(tree, names), modules);
  return await digest([new TextEncoder().encode(text)]);
}

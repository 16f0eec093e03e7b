import { Blobs } from "./blobs/blobs.ts";
import { BlobsElsewhere } from "./blobs/blobs_elsewhere.ts";
import { Collections } from "./documents/collections.ts";
import type { DocumentTable } from "./documents/document_table.ts";
import { FileTable } from "./documents/file_table.ts";
import type { Folder } from "./folder.ts";
import type { ObjectStorage } from "./blobs/object_storage.ts";
import { RunIndex } from "./run/run_index.ts";
import type { Runs } from "./run/run_record.ts";
import { StoredRuns } from "./run/runs.ts";
import { Sweeper } from "./sweeper.ts";

/** What a store in a {@linkcode Folder} consists of. */
export interface Parts {
  runs: Runs;
  collections: Collections;
}

/**
 * Puts a store together. Nothing is read or written yet.
 *
 * @param table has the documents; they are in the folder if left out
 * @param storage has the blobs; they are in the folder if left out
 */
export function openParts(
  folder: Folder,
  table: DocumentTable = new FileTable(folder),
  storage?: ObjectStorage,
): Parts {
  const blobs = new Blobs(storage === undefined ? folder : new BlobsElsewhere(folder, storage));
  const sweeper = new Sweeper(folder, blobs, table);
  const warnings = new Set<string>();
  const index = new RunIndex(folder, (message) => warnings.add(message));
  return {
    runs: new StoredRuns({ folder, blobs, sweeper, index }, warnings),
    collections: new Collections(table, blobs, sweeper),
  };
}

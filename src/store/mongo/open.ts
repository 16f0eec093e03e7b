import { DeferredFolder } from "../deferred_folder.ts";
import { DeferredTable } from "../documents/deferred_table.ts";
import type { ObjectStorage } from "../blobs/object_storage.ts";
import { openParts, type Parts } from "../parts.ts";
import type { MongoPlace } from "./place.ts";

/** A store in a MongoDB database: what it consists of, and how its connections end. */
export interface MongoParts extends Parts {
  close(): Promise<void>;
}

/**
 * Puts a store in a MongoDB database together. Nothing is loaded, connected or written yet.
 *
 * @param lease milliseconds after which a lock that isn't renewed may be taken over
 * @param storage has the blobs; they are in GridFS if left out
 */
export function openMongo(place: MongoPlace, lease: number, storage?: ObjectStorage): MongoParts {
  let loading: ReturnType<typeof loadAll> | undefined;
  const loadAll = async () => {
    const [{ MongoConnection }, { MongoFolder }, { MongoTable }] = await Promise.all([
      import("./connection.ts"),
      import("./folder.ts"),
      import("./table.ts"),
    ]);
    const connection = new MongoConnection(place);
    const folder = new MongoFolder(connection, lease);
    return { connection, folder, table: new MongoTable(connection, folder) };
  };
  const loaded = () => loading ??= loadAll();
  const folder = new DeferredFolder(place.location, async () => (await loaded()).folder);
  const table = new DeferredTable(async () => (await loaded()).table);
  const close = async () => {
    if (loading === undefined) return;
    const { connection, folder } = await loading;
    await folder.settle();
    await connection.close();
  };
  return { ...openParts(folder, table, storage), close };
}

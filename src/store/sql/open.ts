import { DeferredFolder } from "../deferred_folder.ts";
import { DeferredTable } from "../documents/deferred_table.ts";
import type { ObjectStorage } from "../blobs/object_storage.ts";
import { openParts, type Parts } from "../parts.ts";
import type { Engine } from "./engine.ts";

/** A store in a database: what it consists of, and how its connections end. */
export interface SqlParts extends Parts {
  close(): Promise<void>;
}

/**
 * Puts a store in a database together. Nothing is loaded, connected or written yet.
 *
 * @param place where it is, for messages
 * @param options `schema`: the database's schema that has the tables, where databases have such; `storage`: has the
 * blobs, when the database hasn't
 */
export function openSql(
  place: string,
  load: () => Promise<Engine>,
  { schema, storage }: { schema?: string; storage?: ObjectStorage } = {},
): SqlParts {
  let loading: ReturnType<typeof loadAll> | undefined;
  const loadAll = async () => {
    const [{ Database }, { SqlFolder }, { SqlTable }, engine] = await Promise.all([
      import("./database.ts"),
      import("./sql_folder.ts"),
      import("./sql_table.ts"),
      load(),
    ]);
    const database = new Database(engine, schema);
    return { database, folder: new SqlFolder(database), table: new SqlTable(database) };
  };
  const loaded = () => loading ??= loadAll();
  const folder = new DeferredFolder(place, async () => (await loaded()).folder);
  const table = new DeferredTable(async () => (await loaded()).table);
  return { ...openParts(folder, table, storage), close: async () => await (await loading)?.database.close() };
}

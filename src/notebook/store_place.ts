import { basename, isAbsolute, join, relative, resolve } from "node:path";
import { classNamed } from "../module/registry.ts";
import { nameAndOptions } from "../module/slot.ts";
import { isRecord } from "../module/value.ts";
import { DBInterface } from "../store/db_interface.ts";
import { LowdbStore } from "../store/lowdb_store.ts";
import { MemoryStore } from "../store/memory_store.ts";
import type { NotebookRecord } from "./record_schema.ts";
import { pathInside } from "./shared_options.ts";

type Place = NotebookRecord["store"];

/** Where a store is, as a record may say it: no path from the root, nothing that is above the notebook's folder. */
export function placeOf(db: DBInterface, folder: string): Place {
  const kind = db.constructor.name;
  if (!(db instanceof LowdbStore)) return { kind, path: null, outside: false };
  const { path } = db.configuration.toJSON() as { path: string };
  const inside = pathInside(folder, db.location);
  if (inside !== undefined) return { kind, path: inside, outside: false };
  // Written from the folder by the one who configured it: it tells what he told.
  if (!isAbsolute(path) && resolve(folder, path) === db.location) return { kind, path, outside: false };
  return { kind, path: basename(db.location), outside: true };
}

/** A store to look into for a run, and to keep it in. */
export interface PlacedStore {
  /** Undefined where it can't be known. */
  readonly db: DBInterface | undefined;
  /** Why a run may not be in it, and what to do about that. */
  readonly why: string;
}

/** The store that a record names, seen from its notebook's folder. One outside of it is looked for beside the notebook. */
export function storeOf({ id, store, configuration, hidden }: NotebookRecord, folder: string): PlacedStore {
  const { kind, path, outside } = store, give = 'name its store, as { store: "path/to/runs" }';
  if (kind === MemoryStore.name) {
    return {
      db: undefined,
      why: "it was kept in memory only; give its Session a dbInterface that lasts, and run it again",
    };
  }
  if (path !== null) {
    if (isAbsolute(path)) return { db: undefined, why: `its record names a store by a path from the root; ${give}` };
    const why = outside
      ? `its store, a folder named "${path}", was outside of the notebook's folder; ${give}`
      : `the store "${path}" has no run "${id}"; bring that folder along with the notebook, or ${give}`;
    return { db: new LowdbStore({ path: fromHere(join(folder, path)) }), why };
  }
  if (hidden.some((option) => option.startsWith("dbInterface"))) {
    return { db: undefined, why: `where its ${kind} is was not recorded; ${give}` };
  }
  try {
    const named = nameAndOptions(configuration.dbInterface);
    const db = new (classNamed(kind, DBInterface))(isRecord(named?.options) ? named.options : {}) as DBInterface;
    return { db, why: `its ${kind} has no run "${id}"; ${give}` };
  } catch (error) {
    return { db: undefined, why: `its store can't be used: ${(error as Error).message}` };
  }
}

/** The store that somebody names himself: a folder, or the Module. */
export function givenStore(store: string | DBInterface, id: string): PlacedStore {
  const db = typeof store === "string" ? new LowdbStore({ path: store }) : store;
  return { db, why: `the store that was given has no run "${id}"; give the one where it is kept` };
}

/** A path as one would write it in the working folder, where it lies below that. */
export const fromHere = (path: string): string => {
  const found = relative(Deno.cwd(), resolve(path));
  return found === "" ? "." : found.startsWith("..") || isAbsolute(found) ? resolve(path) : found;
};

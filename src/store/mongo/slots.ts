import type { Connected } from "./connection.ts";
import type { Entry } from "./content.ts";
import { encodeKey } from "./key.ts";

/** A folder in a folder, `runs/a`: one document, which knows its files, also those in folders further down. */
export interface FolderDocument {
  _id: string;
  path: string;
  /** The token of the lock under which it is written. */
  owner?: string;
  files: Record<string, Entry>;
}

/** A file that is not so deep: `index.json`, `blobs/...`. */
export interface FileDocument extends Entry {
  _id: string;
}

/** Where a path's entry is: in the document of a folder of the second level, or in one of its own. */
export interface Slot {
  folder: string;
  key: string;
}

export function slotOf(path: string): Slot | undefined {
  const [first, second, ...rest] = path.split("/");
  return rest.length === 0 ? undefined : { folder: `${first}/${second}`, key: encodeKey(rest.join("/")) };
}

export const files = (db: Connected["db"]) => db.collection<FileDocument>("files");
export const folders = (db: Connected["db"]) => db.collection<FolderDocument>("folders");

export const isGrowing = (parts: Entry["parts"]): boolean => parts.some(({ length }) => length === undefined);

export const ownedBy = (path: string, owner: string | undefined) => owner === undefined ? { path } : { path, owner };

/** Paths in a folder: `0` comes right after `/`. */
export const below = (path: string) => ({ $gte: `${path}/`, $lt: `${path}0` });

/** Folders of the second level in which something of a path may be. */
export function onTheWay(path: string) {
  const slot = slotOf(path);
  if (slot !== undefined) return slot.folder;
  return path.includes("/") ? path : below(path);
}

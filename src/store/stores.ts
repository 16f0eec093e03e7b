import { register } from "../module/registry.ts";
import { objectStorages } from "./blobs/blobs_slot.ts";
import { LowdbStore } from "./lowdb_store.ts";
import { MemoryStore } from "./memory_store.ts";
import { MirroredStore } from "./mirrored_store.ts";
import { MongoStore } from "./mongo_store.ts";
import { PostgresStore } from "./postgres_store.ts";
import { SqliteStore } from "./sqlite_store.ts";

/** The stores that a configuration can name. */
export const stores = { LowdbStore, MemoryStore, MirroredStore, MongoStore, PostgresStore, SqliteStore };

register(...Object.values(stores), ...Object.values(objectStorages));

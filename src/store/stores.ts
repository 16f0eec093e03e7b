import { register } from "../module/registry.ts";
import { LowdbStore } from "./lowdb_store.ts";
import { MemoryStore } from "./memory_store.ts";

/** The stores that a configuration can name. */
export const stores = { LowdbStore, MemoryStore };

register(...Object.values(stores));

import { MemoryStore } from "../../src/store/memory_store.ts";
import { filterContract } from "./filter_contract.ts";
import { storeContract } from "./store_contract.ts";

storeContract("MemoryStore", () => new MemoryStore());
filterContract("MemoryStore", () => new MemoryStore());

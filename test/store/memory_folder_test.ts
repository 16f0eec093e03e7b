import { MemoryFolder } from "../../src/store/memory_folder.ts";
import { folderContract } from "./folder_contract.ts";

folderContract("MemoryFolder", () => Promise.resolve({ folder: new MemoryFolder() }));

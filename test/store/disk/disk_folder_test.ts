import { join } from "node:path";
import { DiskFolder } from "../../../src/store/disk/disk_folder.ts";
import { folderContract } from "../folder_contract.ts";
import { temporary } from "../temporary.ts";

folderContract("DiskFolder", () => {
  const path = join(temporary(), "folder");
  return Promise.resolve({ folder: new DiskFolder(path), again: new DiskFolder(path) });
});

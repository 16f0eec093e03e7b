import { join } from "node:path";
import { Database } from "../../src/store/sql/database.ts";
import { SqlFolder } from "../../src/store/sql/sql_folder.ts";
import { SqliteEngine } from "../../src/store/sql/sqlite_engine.ts";
import { folderContract } from "./folder_contract.ts";
import { temporary } from "./temporary.ts";

folderContract("SqlFolder on SQLite", () => {
  const path = join(temporary(), "store.sqlite");
  const databases = [path, path].map((path) => new Database(new SqliteEngine(path)));
  const [folder, again] = databases.map((database) => new SqlFolder(database));
  const close = async () => void await Promise.all(databases.map((database) => database.close()));
  return Promise.resolve({ folder: folder!, again, close });
});

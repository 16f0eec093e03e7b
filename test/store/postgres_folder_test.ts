import { postgresSchema, postgresSettings } from "../../src/store/sql/postgres_options.ts";
import { Database } from "../../src/store/sql/database.ts";
import { PostgresEngine } from "../../src/store/sql/postgres_engine.ts";
import { SqlFolder } from "../../src/store/sql/sql_folder.ts";
import { newOptions, startPostgres } from "../servers/postgres_store.ts";
import { folderContract } from "./folder_contract.ts";

const server = await startPostgres();

if (server !== undefined) {
  folderContract("SqlFolder on Postgres", () => {
    const settings = postgresSettings(postgresSchema.parse(newOptions(server)));
    const make = () => new Database(new PostgresEngine("postgres", settings), settings.schema);
    const databases = [make(), make()];
    const [folder, again] = databases.map((database) => new SqlFolder(database));
    const close = async () => void await Promise.all(databases.map((database) => database.close()));
    return Promise.resolve({ folder: folder!, again, close });
  });
}

import { newOptions, startPostgres } from "../servers/postgres_store.ts";
import { processContract } from "./process_contract.ts";

const server = await startPostgres();
if (server !== undefined) processContract("PostgresStore", () => ({ PostgresStore: newOptions(server) }));

import { MongoStore } from "../../src/store/mongo_store.ts";
import { FerretDbServer } from "../servers/ferretdb.ts";
import { filterContract } from "./filter_contract.ts";
import { runQueryContract } from "./run_query_contract.ts";

const server = await FerretDbServer.start();
let databases = 0;

if (server !== undefined) {
  const make = () => new MongoStore({ port: server.port, database: `query${databases++}`, timeout: 60 });
  filterContract("MongoStore", make);
  runQueryContract("MongoStore", make);
}

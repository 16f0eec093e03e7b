import { MongoStore } from "../../mod.ts";
import { FerretDbServer } from "../servers/ferretdb.ts";
import { sessionContract } from "./session_contract.ts";

const server = await FerretDbServer.start();

if (server !== undefined) {
  sessionContract("MongoStore", () => new MongoStore({ port: server.port, database: "session", timeout: 60 }));
}

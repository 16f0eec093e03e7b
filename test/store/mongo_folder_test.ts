import { MongoConnection } from "../../src/store/mongo/connection.ts";
import { MongoFolder } from "../../src/store/mongo/folder.ts";
import { mongoOptions, placeOf } from "../../src/store/mongo/options.ts";
import { FerretDbServer } from "../servers/ferretdb.ts";
import { folderContract } from "./folder_contract.ts";

const server = await FerretDbServer.start();
let databases = 0;

if (server !== undefined) {
  folderContract("MongoFolder", () => {
    const place = placeOf(mongoOptions.parse({ port: server.port, database: `folder${databases++}`, timeout: 60 }));
    const [one, two] = [new MongoConnection(place), new MongoConnection(place)];
    const folder = new MongoFolder(one, 20_000), again = new MongoFolder(two, 20_000);
    const close = async () => {
      await Promise.all([folder.settle(), again.settle()]);
      await Promise.all([one.close(), two.close()]);
    };
    return Promise.resolve({ folder, again, close });
  });
}

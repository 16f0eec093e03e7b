import { fileURLToPath } from "node:url";
import { buildGo } from "./go_program.ts";
import { GoServer, type Start } from "./go_server.ts";

let building: Promise<string | undefined> | undefined;

const build = () =>
  buildGo({
    name: "FerretDB",
    source: fileURLToPath(new URL("ferretdb", import.meta.url)),
    package: ".",
    cache: ".ferretdb-test",
    tested: "MongoStore",
  });

/** A FerretDB server, which speaks MongoDB's protocol. */
export class FerretDbServer extends GoServer {
  /**
   * Starts a server; undefined, saying so aloud, where it can't be built.
   *
   * @param folder an empty one for its data, which it deletes at its end; one of its own if left out
   */
  static async start(folder?: string): Promise<FerretDbServer | undefined> {
    const program = await (building ??= build());
    if (program === undefined) return undefined;
    const server = new FerretDbServer(program, folder ?? await Deno.makeTempDir({ prefix: "ptutils-ferretdb-" }));
    await server.again();
    return server;
  }

  protected override get start(): Start {
    return { args: [`${this.host}:${this.port}`, this.folder] };
  }
}

import { fileURLToPath } from "node:url";
import { kill } from "../kill.ts";
import { answers, buildGo, freePort } from "./go_program.ts";

const running = new Set<FerretDbServer>();
let building: Promise<string | undefined> | undefined;

const build = () =>
  buildGo({
    name: "FerretDB",
    source: fileURLToPath(new URL("ferretdb", import.meta.url)),
    package: ".",
    cache: ".ferretdb-test",
    tested: "MongoStore",
  });

/** A FerretDB server of the tests' own, which speaks MongoDB's protocol: a free loopback port, data in a temporary folder. */
export class FerretDbServer {
  readonly host = "127.0.0.1";
  /** Lasts when the server is started again. */
  readonly port: number = freePort();
  readonly #program: string;
  readonly #folder: string;
  #process: Deno.ChildProcess | undefined;

  private constructor(program: string, folder: string) {
    this.#program = program;
    this.#folder = folder;
  }

  /**
   * Starts a server; undefined, saying so aloud, where it can't be built.
   *
   * @param folder an empty one for its data, which it deletes at its end; one of its own if left out
   */
  static async start(folder?: string): Promise<FerretDbServer | undefined> {
    const program = await (building ??= build());
    if (program === undefined) return undefined;
    folder ??= await Deno.makeTempDir({ prefix: "ptutils-ferretdb-" });
    const server = new FerretDbServer(program, folder);
    if (running.size === 0) globalThis.addEventListener("unload", endAll);
    running.add(server);
    await server.again();
    return server;
  }

  /** Starts it again on the same port and data. */
  async again(): Promise<void> {
    const address = `${this.host}:${this.port}`;
    const nothing = { stdin: "null", stdout: "null", stderr: "null" } as const;
    this.#process = new Deno.Command(this.#program, { args: [address, this.#folder], ...nothing }).spawn();
    await answers(this.host, this.port, this.#process);
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    await this.#end((process) => process.kill("SIGTERM"));
  }

  /** Ends it as `kill -9` does. */
  async kill(): Promise<void> {
    await this.#end(kill);
  }

  /** Ends it and deletes its data. */
  async close(): Promise<void> {
    await this.kill();
    running.delete(this);
    await Deno.remove(this.#folder, { recursive: true });
  }

  /** For the end of the tests, where nothing can be waited for. */
  abandon(): void {
    if (this.#process !== undefined) kill(this.#process);
    Deno.removeSync(this.#folder, { recursive: true });
  }

  async #end(how: (process: Deno.ChildProcess) => void): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined) return;
    how(process);
    await process.status;
  }
}

function endAll(): void {
  for (const server of running) server.abandon();
}

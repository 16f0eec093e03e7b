import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { kill } from "../kill.ts";
import { answers, buildGo, freePort } from "./go_program.ts";

const running = new Set<S3Server>();
let building: Promise<string | undefined> | undefined;

const build = () =>
  buildGo({
    name: "an S3 server",
    source: fileURLToPath(new URL("s3", import.meta.url)),
    package: "github.com/versity/versitygw/cmd/versitygw",
    cache: ".s3-test",
    tested: "S3Blobs",
  });

/** A server of the tests' own that speaks S3 and checks signatures: a free loopback port, data in a temporary folder. */
export class S3Server {
  readonly bucket = "lab";
  readonly accessKeyId = "test-key";
  readonly secretAccessKey = "a secret of the tests";
  /** Lasts when the server is started again. */
  readonly port: number = freePort();
  readonly #program: string;
  readonly #folder: string;
  #process: Deno.ChildProcess | undefined;

  private constructor(program: string, folder: string) {
    this.#program = program;
    this.#folder = folder;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The folder in which the bucket's objects are files. */
  get objects(): string {
    return join(this.#folder, this.bucket);
  }

  /** Starts a server with one bucket; undefined, saying so aloud, where it can't be built. */
  static async start(): Promise<S3Server | undefined> {
    const program = await (building ??= build());
    if (program === undefined) return undefined;
    const server = new S3Server(program, await Deno.makeTempDir({ prefix: "ptutils-s3-" }));
    await Deno.mkdir(server.objects);
    if (running.size === 0) globalThis.addEventListener("unload", endAll);
    running.add(server);
    await server.again();
    return server;
  }

  /** Starts it again on the same port and data. */
  async again(): Promise<void> {
    const args = ["--port", `127.0.0.1:${this.port}`, "--quiet", "posix", this.#folder];
    const env = { ROOT_ACCESS_KEY: this.accessKeyId, ROOT_SECRET_KEY: this.secretAccessKey };
    const nothing = { stdin: "null", stdout: "null", stderr: "null" } as const;
    this.#process = new Deno.Command(this.#program, { args, env, ...nothing }).spawn();
    await answers("127.0.0.1", this.port, this.#process);
  }

  /** Ends it as `kill -9` does. */
  async kill(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined) return;
    kill(process);
    await process.status;
  }

  /** For the end of the tests, where nothing can be waited for. */
  abandon(): void {
    if (this.#process !== undefined) kill(this.#process);
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

function endAll(): void {
  for (const server of running) server.abandon();
}

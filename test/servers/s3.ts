import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildGo } from "./go_program.ts";
import { GoServer, type Start } from "./go_server.ts";

let building: Promise<string | undefined> | undefined;

const build = () =>
  buildGo({
    name: "an S3 server",
    source: fileURLToPath(new URL("s3", import.meta.url)),
    package: "github.com/versity/versitygw/cmd/versitygw",
    cache: ".s3-test",
    tested: "S3Blobs",
  });

/** A server that speaks S3 and checks signatures, with one bucket. */
export class S3Server extends GoServer {
  readonly bucket = "lab";
  readonly accessKeyId = "test-key";
  readonly secretAccessKey = "a secret of the tests";

  get endpoint(): string {
    return `http://${this.host}:${this.port}`;
  }

  /** The folder in which the bucket's objects are files. */
  get objects(): string {
    return join(this.folder, this.bucket);
  }

  /** Starts a server; undefined, saying so aloud, where it can't be built. */
  static async start(): Promise<S3Server | undefined> {
    const program = await (building ??= build());
    if (program === undefined) return undefined;
    const server = new S3Server(program, await Deno.makeTempDir({ prefix: "ptutils-s3-" }));
    await Deno.mkdir(server.objects);
    await server.again();
    return server;
  }

  protected override get start(): Start {
    return {
      args: ["--port", `${this.host}:${this.port}`, "--quiet", "posix", this.folder],
      env: { ROOT_ACCESS_KEY: this.accessKeyId, ROOT_SECRET_KEY: this.secretAccessKey },
    };
  }
}

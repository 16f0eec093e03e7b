import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackage } from "../debian_package.ts";
import { removeAtEnd } from "../remove_at_end.ts";
import { endWithTests } from "./ended_with_tests.ts";
import { freePort } from "./free_port.ts";

/** Debian keeps Postgres's programs outside of PATH, a folder a version. */
const debian = "/usr/lib/postgresql";
const user = "ptutils", password = "not a secret: a server of the tests";

/** A Postgres server of the tests' own: a free loopback port, data in a temporary folder. */
export class PostgresServer {
  readonly host = "127.0.0.1";
  readonly database = "postgres";
  readonly user = user;
  readonly password = password;
  /** Lasts when the server is started again. */
  readonly port: number = freePort();
  readonly #programs: string;
  /** Has its data; deleted in the end. */
  readonly folder: string;
  readonly #forget = endWithTests(this);
  #process: Deno.ChildProcess | undefined;

  private constructor(programs: string, folder: string) {
    this.#programs = programs;
    this.folder = folder;
  }

  /** Starts a server, with a database cluster of its own; undefined, saying so aloud, where Postgres can't be had. */
  static async start(): Promise<PostgresServer | undefined> {
    const programs = await findPrograms();
    if (programs === undefined) {
      const why = "no Postgres (initdb, postgres) in PATH nor in /usr/lib/postgresql, and none could be installed";
      if (Deno.env.has("CI")) throw new Error(`Cannot test PostgresStore: ${why}`);
      console.log(`SKIPPED: the contracts of PostgresStore were not run: ${why}`);
      return undefined;
    }
    const folder = await Deno.makeTempDir({ prefix: "ptutils-postgres-" });
    const server = new PostgresServer(programs, folder);
    await server.#initialise();
    await server.again();
    return server;
  }

  /** Starts it again on the same port and data, with more settings if given. */
  async again(more: Readonly<Record<string, string>> = {}): Promise<void> {
    if (this.#process !== undefined) throw new Error(`the server on port ${this.port} runs`);
    const options = {
      ...more,
      listen_addresses: this.host,
      port: this.port,
      unix_socket_directories: "",
      shared_buffers: "32MB",
    };
    const settings = Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const command = asUser([join(this.#programs, "postgres"), "-D", join(this.folder, "data"), ...settings]);
    this.#process = new Deno.Command(command[0]!, {
      args: command.slice(1),
      cwd: this.folder,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    await readyOrDead(this.#process.stderr);
  }

  /** Ends it in order: what is going on is rolled back. */
  async stop(): Promise<void> {
    await this.#end("SIGINT");
  }

  /** Ends it as `kill -9` and a power cut do: its children too, by their pids. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    child.kill("SIGSTOP"); // no more children from here on: one that is missed would keep the next server from starting
    const children = childrenOf(child.pid);
    await this.#end("SIGKILL");
    for (const pid of children) killPid(pid);
    await until(() => children.every((pid) => !isAlive(pid)));
  }

  /** Ends it and deletes its data. */
  async close(): Promise<void> {
    await this.stop();
    this.#forget();
    await Deno.remove(this.folder, { recursive: true });
  }

  /** Lets the server write to a folder. */
  async give(folder: string): Promise<void> {
    if (Deno.uid() === 0) await run(["chown", "-R", unprivileged(), folder]);
  }

  abandon(): void {
    const pid = this.#process?.pid;
    if (pid !== undefined) { for (const one of [pid, ...childrenOf(pid)]) killPid(one); }
    removeAtEnd(this.folder);
  }

  async #end(signal: Deno.Signal): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined) return;
    process.kill(signal);
    await process.status;
  }

  async #initialise(): Promise<void> {
    const secret = join(this.folder, "password");
    await Deno.writeTextFile(secret, password);
    const data = join(this.folder, "data");
    const options = ["-U", user, `--pwfile=${secret}`, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"];
    await this.give(this.folder);
    await run(asUser([join(this.#programs, "initdb"), "-D", data, ...options]));
  }
}

/** The folder that has Postgres's programs. */
async function findPrograms(): Promise<string | undefined> {
  await installPackage("postgresql", () => lookForPrograms() !== undefined);
  return lookForPrograms();
}

function lookForPrograms(): string | undefined {
  const inPath = (Deno.env.get("PATH") ?? "").split(":").filter((folder) => folder !== "");
  return [...versions().map((version) => join(debian, version, "bin")), ...inPath].find((folder) =>
    ["initdb", "postgres"].every((name) => exists(join(folder, name)))
  );
}

/** The versions that Debian installed, newest first. */
function versions(): string[] {
  try {
    return [...Deno.readDirSync(debian)].map(({ name }) => name).sort((a, b) => Number(b) - Number(a));
  } catch {
    return [];
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Postgres refuses to run as root: then as the user that Debian's package makes, or as nobody. */
const asUser = (command: string[]): string[] =>
  Deno.uid() === 0
    ? ["setpriv", `--reuid=${unprivileged()}`, "--clear-groups", "--inh-caps=-all", "--", ...command]
    : command;

const unprivileged = (): string => /^postgres:/m.test(Deno.readTextFileSync("/etc/passwd")) ? "postgres" : "nobody";

async function run(command: string[]): Promise<void> {
  const options = { args: command.slice(1), cwd: tmpdir(), stdin: "null" as const };
  const { success, stderr } = await new Deno.Command(command[0]!, options).output();
  if (!success) throw new Error(`${command.join(" ")} failed: ${new TextDecoder().decode(stderr).slice(-2000)}`);
}

/** Waits for the line with which the server says that it can be used, and reads on, so that it can go on writing. */
async function readyOrDead(output: ReadableStream<Uint8Array>): Promise<void> {
  const said = Promise.withResolvers<void>();
  void (async () => {
    let text = "";
    for await (const piece of output.pipeThrough(new TextDecoderStream())) {
      text = (text + piece).slice(-4000);
      if (text.includes("ready to accept connections")) said.resolve();
    }
    said.reject(new Error(`Postgres didn't start: ${text}`));
  })();
  await said.promise;
}

/** The processes that a process started, where the system says so (Linux); others end with it by themselves. */
function childrenOf(pid: number): number[] {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function killPid(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return false;
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

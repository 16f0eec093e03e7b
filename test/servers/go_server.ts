import { kill } from "../kill.ts";
import { removeAtEnd } from "../remove_at_end.ts";
import { endWithTests } from "./ended_with_tests.ts";
import { freePort } from "./free_port.ts";

/** How a program is started; it finds nothing to read, and nobody hears it. */
export type Start = Pick<Deno.CommandOptions, "args" | "env">;

/** A server of the tests' own that is a program in Go: a free loopback port, data in a temporary folder. */
export abstract class GoServer {
  readonly host = "127.0.0.1";
  /** Lasts when the server is started again. */
  readonly port: number = freePort();
  /** Has its data; deleted in the end. */
  readonly folder: string;
  readonly #program: string;
  readonly #forget: () => void;
  #process: Deno.ChildProcess | undefined;

  constructor(program: string, folder: string) {
    this.#program = program;
    this.folder = folder;
    this.#forget = endWithTests(this);
  }

  /** How it is started. */
  protected abstract get start(): Start;

  /** Starts it again on the same port and data. @throws {Error} it runs: a second one would end, and the first be lost */
  async again(): Promise<void> {
    if (this.#process !== undefined) throw new Error(`the server on port ${this.port} runs`);
    const nothing = { stdin: "null", stdout: "null", stderr: "null" } as const;
    this.#process = new Deno.Command(this.#program, { ...this.start, ...nothing }).spawn();
    await answers(this.host, this.port, this.#process);
  }

  /** Ends it as `kill -9` does. */
  async kill(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined) return;
    kill(process);
    await process.status;
  }

  /** Ends it and deletes its data. */
  async close(): Promise<void> {
    await this.kill();
    this.#forget();
    await Deno.remove(this.folder, { recursive: true });
  }

  abandon(): void {
    if (this.#process !== undefined) kill(this.#process);
    removeAtEnd(this.folder);
  }
}

/** Waits until a server takes connections. */
async function answers(hostname: string, port: number, process: Deno.ChildProcess): Promise<void> {
  let ended = false;
  void process.status.then(() => ended = true);
  for (;;) {
    try {
      return (await Deno.connect({ hostname, port })).close();
    } catch {
      if (ended) throw new Error(`the server on port ${port} ended at its start`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

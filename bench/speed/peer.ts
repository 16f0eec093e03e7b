/** A process that trains one net as it is told, line by line. */
export class Peer {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  /** What it said of itself when it was ready. */
  description = "";

  private constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#child = new Deno.Command(command, {
      args: [...args],
      env: { ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = linesOf(this.#child.stdout);
    this.#writer = this.#child.stdin.getWriter();
  }

  /** Starts one and waits until it has built and warmed up its net. @throws {Error} what it wrote when it failed */
  static async start(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Peer> {
    const peer = new Peer(command, args, env);
    const errors = new Response(peer.#child.stderr).text();
    const { value, done } = await peer.#lines.next();
    if (done) throw new Error(`Cannot start ${command} ${args.join(" ")}: ${(await errors).trim().slice(-1500)}`);
    peer.description = value.replace(/^ready\s*/, "");
    return peer;
  }

  /** What it answers to an order, a number. */
  async ask(order: string): Promise<number> {
    await this.#writer.write(new TextEncoder().encode(`${order}\n`));
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`Cannot measure "${order}": the process ended`);
    return Number(value);
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#child.status;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream() as never) as unknown as AsyncIterable<string>) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

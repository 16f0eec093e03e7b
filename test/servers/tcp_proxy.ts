/**
 * A TCP proxy on a free loopback port that stands between a client and a server, and that can cut, stall and refuse
 * connections as a bad network does.
 */
export class TcpProxy {
  readonly #target: { hostname: string; port: number };
  readonly #listener: Deno.Listener;
  readonly #pairs = new Set<Pair>();
  #refusing = false;
  #stalled: PromiseWithResolvers<void> | undefined;
  #cutAfter: { bytes: number } | undefined;
  #trap: { text: Uint8Array; deliver: boolean; seen: () => void } | undefined;

  /** Stands before a server: `new TcpProxy(5432)`. Clients connect to {@linkcode port}. */
  constructor(port: number, hostname = "127.0.0.1") {
    this.#target = { hostname, port };
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    void this.#serve();
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Ends all connections at once; new ones are let through. */
  cut(): void {
    for (const pair of this.#pairs) pair.close();
  }

  /** Ends the clients' side of all connections; the server hears nothing of it until {@linkcode close}. */
  desert(): void {
    for (const pair of this.#pairs) pair.desert();
  }

  /** Lets this many more bytes from clients through, all together, then cuts. */
  cutAfter(bytes: number): void {
    this.#cutAfter = { bytes };
  }

  /** Cuts when a client sends this text: with `deliver` it reaches the server, whose answer nobody gets. */
  cutAt(text: string, { deliver = false } = {}): Promise<void> {
    const seen = Promise.withResolvers<void>();
    this.#trap = { text: new TextEncoder().encode(text), deliver, seen: seen.resolve };
    return seen.promise;
  }

  /** Connections stay open and nothing passes any more, either way, until {@linkcode go}. */
  stall(): void {
    this.#stalled ??= Promise.withResolvers<void>();
  }

  /** New connections are ended as soon as they come, until {@linkcode go}. */
  refuse(): void {
    this.#refusing = true;
  }

  /** Everything passes again. */
  go(): void {
    this.#refusing = false;
    this.#cutAfter = this.#trap = undefined;
    this.#stalled?.resolve();
    this.#stalled = undefined;
  }

  /** Ends the proxy and its connections. */
  close(): void {
    this.#listener.close();
    for (const pair of this.#pairs) pair.close(true);
    this.go();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #serve(): Promise<void> {
    for await (const client of this.#listener) {
      if (this.#refusing) client.close();
      else void this.#join(client);
    }
  }

  async #join(client: Deno.Conn): Promise<void> {
    const server = await Deno.connect(this.#target).catch(() => undefined);
    if (server === undefined) return client.close();
    const pair = new Pair(client, server);
    this.#pairs.add(pair);
    const ended = [this.#fromClient(pair), this.#fromServer(pair)];
    await Promise.all(ended.map((end) => end.catch(() => {}).finally(() => pair.close())));
    this.#pairs.delete(pair);
  }

  async #fromClient(pair: Pair): Promise<void> {
    for await (const bytes of read(pair.client)) {
      await this.#stalled?.promise;
      if (await this.#cutsAt(bytes, pair)) return;
      await writeAll(pair.server, bytes);
    }
  }

  async #fromServer(pair: Pair): Promise<void> {
    for await (const bytes of read(pair.server)) {
      await this.#stalled?.promise;
      if (pair.answered !== undefined) return pair.answered();
      await writeAll(pair.client, bytes);
    }
  }

  /** Whether the connections were cut at these bytes of a client. */
  async #cutsAt(bytes: Uint8Array, pair: Pair): Promise<boolean> {
    const limit = this.#cutAfter, trap = this.#trap;
    if (limit !== undefined && (limit.bytes -= bytes.length) < 0) {
      this.#cutAfter = undefined;
      await writeAll(pair.server, bytes.subarray(0, limit.bytes + bytes.length));
      this.cut();
      return true;
    }
    if (trap === undefined || !includes(bytes, trap.text)) return false;
    this.#trap = undefined;
    if (trap.deliver) {
      const answered = new Promise<void>((resolve) => pair.answered = resolve);
      await writeAll(pair.server, bytes);
      await answered;
    }
    this.cut();
    trap.seen();
    return true;
  }
}

/** A client's connection and the one to the server that belongs to it. */
class Pair {
  #state: "open" | "deserted" | "closed" = "open";
  /** When it is there, it hears that the server answered; the answer goes nowhere. */
  answered: (() => void) | undefined;

  constructor(readonly client: Deno.Conn, readonly server: Deno.Conn) {}

  /** A deserted server is left in its belief, except at the end. */
  close(atLast = false): void {
    if (this.#state === "open") this.client.close();
    if (this.#state === "open" || (this.#state === "deserted" && atLast)) {
      this.#state = "closed";
      this.server.close();
    }
  }

  desert(): void {
    if (this.#state !== "open") return;
    this.#state = "deserted";
    this.client.close();
  }
}

async function* read(connection: Deno.Conn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(1 << 16);
  for (let size = await connection.read(buffer); size !== null; size = await connection.read(buffer)) {
    yield buffer.subarray(0, size);
  }
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await connection.write(bytes.subarray(done));
}

function includes(bytes: Uint8Array, text: Uint8Array): boolean {
  for (let at = bytes.indexOf(text[0]!); at >= 0; at = bytes.indexOf(text[0]!, at + 1)) {
    if (text.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

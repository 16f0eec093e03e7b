/** Kinds of ZeroMQ sockets that are spoken here. */
export type SocketType = "SUB" | "DEALER";

const more = 1, long = 2, command = 4;
const text = new TextEncoder();

/**
 * A connection to a ZeroMQ socket over TCP, just enough of it to hear and to say something: ZMTP 3.0, no security
 * (https://rfc.zeromq.org/spec/23/). No library for it runs in a Worker of Deno without native code.
 */
export class ZmtpConnection {
  readonly #socket: Deno.TcpConn;
  #rest = new Uint8Array();

  /** Connects, and subscribes to everything if it is a subscriber. @throws {Error} nobody there, or no ZeroMQ */
  static async open(hostname: string, port: number, type: SocketType): Promise<ZmtpConnection> {
    const connection = new ZmtpConnection(await Deno.connect({ hostname, port }));
    await connection.#greet(type);
    if (type === "SUB") await connection.send([Uint8Array.of(1)]);
    return connection;
  }

  private constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
  }

  /** Sends a message of some frames. */
  async send(frames: readonly Uint8Array[]): Promise<void> {
    const parts = frames.flatMap((frame, i) => [header(frame.length, i < frames.length - 1 ? more : 0), frame]);
    await this.#write(concatenate(parts));
  }

  /** The messages that come, until the other side or we close. */
  async *messages(): AsyncGenerator<Uint8Array[]> {
    let frames: Uint8Array[] = [];
    for (;;) {
      const flags = (await this.#read(1))?.[0];
      const size = flags === undefined ? undefined : await this.#read(flags & long ? 8 : 1);
      const body = size === undefined ? undefined : await this.#read(number(size));
      if (body === undefined) return;
      if (flags! & command) continue;
      frames.push(body);
      if (flags! & more) continue;
      yield frames;
      frames = [];
    }
  }

  close(): void {
    this.#socket.close();
  }

  async #greet(type: SocketType): Promise<void> {
    const greeting = new Uint8Array(64);
    greeting.set([0xff, ...new Array(8).fill(0), 0x7f, 3, 0, ...text.encode("NULL")]);
    await this.#write(greeting);
    await this.#read(64);
    const ready = concatenate([
      short("READY"),
      short("Socket-Type"),
      Uint8Array.of(0, 0, 0, type.length),
      text.encode(type),
    ]);
    await this.#write(concatenate([Uint8Array.of(command, ready.length), ready]));
    const theirs = await this.#read(2);
    if (theirs === undefined || await this.#read(theirs[1]!) === undefined) {
      throw new Error("Cannot connect to the kernel: the other side speaks no ZMTP 3; is it Jupyter's port?");
    }
  }

  /** So many bytes; undefined when the other side has closed. */
  async #read(size: number): Promise<Uint8Array | undefined> {
    const chunks = [this.#rest];
    for (let have = this.#rest.length; have < size;) {
      const chunk = new Uint8Array(Math.max(65_536, size - have));
      const read = await this.#socket.read(chunk).catch(() => null);
      if (read === null) return undefined;
      chunks.push(chunk.subarray(0, read));
      have += read;
    }
    const all = chunks.length === 1 ? chunks[0]! : concatenate(chunks);
    this.#rest = all.subarray(size);
    return all.subarray(0, size);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) sent += await this.#socket.write(bytes.subarray(sent));
  }
}

function header(size: number, flags: number): Uint8Array {
  if (size < 256) return Uint8Array.of(flags, size);
  const bytes = new Uint8Array(9);
  bytes[0] = flags | long;
  new DataView(bytes.buffer).setBigUint64(1, BigInt(size));
  return bytes;
}

const number = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

const short = (name: string): Uint8Array => Uint8Array.of(name.length, ...text.encode(name));

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

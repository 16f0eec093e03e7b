import { connect, type Server } from "./server.ts";
import { serverProgram } from "./server_program.ts";

/** A Jupyter server of our own on the loopback. Disposed of, it has ended, and its kernels with it. */
export interface LocalServer extends Server, AsyncDisposable {
  /** Its process. */
  readonly pid: number;
}

/** How a local server is started. */
export interface LocalServerOptions {
  /** A Python that has jupyter_server. */
  readonly python: string;
  /** The folder that sessions' paths start from; the working folder when left out. */
  readonly root?: string;
}

/** So long it may take to end its kernels before it is killed, in ms. */
const patience = 10_000;

/**
 * Starts a private Jupyter server on a free port of the loopback. Its random token goes through a pipe, so that it is in
 * no argument and no file; it ends with this process, even when that is killed.
 *
 * @throws {Error} when it does not start, with what it said
 */
export async function startServer({ python, root = Deno.cwd() }: LocalServerOptions): Promise<LocalServer> {
  const child = spawn(python);
  const said = tail(child.stderr);
  const lifeline = child.stdin.getWriter();
  const end = async () => {
    const timer = setTimeout(() => child.kill("SIGKILL"), patience);
    await lifeline.close().catch(() => {});
    await child.status;
    clearTimeout(timer);
    await said;
  };
  try {
    const token = crypto.randomUUID();
    await lifeline.write(new TextEncoder().encode(`${JSON.stringify({ token, root })}\n`)).catch(() => {});
    const { port } = await firstLine(child.stdout) as { port: number };
    const server = await connect(`http://127.0.0.1:${port}/`, token);
    return { ...server, pid: child.pid, ended: child.status, [Symbol.asyncDispose]: end };
  } catch (cause) {
    await end();
    throw failure(python, await said, cause);
  }
}

function spawn(python: string): Deno.ChildProcess {
  try {
    const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    return new Deno.Command(python, { args: ["-c", serverProgram], ...pipes }).spawn();
  } catch (cause) {
    throw failure(python, "", cause);
  }
}

function failure(python: string, said: string, cause: unknown): Error {
  if (cause instanceof Deno.errors.NotCapable) return cause;
  const lacks = /No module named '(jupyter_server|traitlets)/.test(said);
  const found = lacks
    ? "it has no jupyter_server; install it, or set PTUTILS_PYTHON to a Python that has it"
    : `${
      said.trim().split("\n").at(-1) || (cause as Error).message
    }; see that "${python}" runs, and has jupyter_server`;
  return new Error(`Cannot start a Jupyter server: ${found}`, { cause });
}

/** The first line of a program's output, as JSON; the rest is read and dropped, so that the program never waits. */
async function firstLine(stream: ReadableStream<Uint8Array>): Promise<unknown> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error("it ended");
    text += value;
  }
  (async () => {
    while (!(await reader.read()).done);
  })().catch(() => {});
  return JSON.parse(text.slice(0, text.indexOf("\n")));
}

/** The last 4 kB of what a program says, when it has ended. */
async function tail(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) text = (text + piece).slice(-4096);
  return text;
}

import type { IError, ILanguageInfoMetadata, IOutput } from "@jupyterlab/nbformat";
import type { Kernel as Jupyter, KernelMessage } from "@jupyterlab/services";
import { flush, isMark } from "./flush.ts";
import { type CellOutputs, Outputs } from "./outputs.ts";
import type { Server } from "./server.ts";
import { loadServices } from "./services.ts";

/** What came of executing some code. */
export interface Executed {
  /** As a notebook file has them. Displays among them may still change while the kernel lives. */
  readonly outputs: readonly IOutput[];
  readonly executionCount: number | null;
  /** What ended it, if an error did. */
  readonly error?: Pick<IError, "ename" | "evalue" | "traceback">;
  /** When it began and ended. */
  readonly started: Date;
  readonly ended: Date;
}

/** What a kernel is started for. */
export interface KernelOptions {
  /** The name of its kernelspec, `deno` as an example. */
  readonly name: string;
  /** The notebook that it is for, from the server's root: the kernel works in that one's folder. */
  readonly path?: string;
}

/** Why a kernel can't go on. */
export class KernelLost extends Error {
  override name = "KernelLost";
  /** Whether its process ended by itself. */
  readonly died: boolean;

  constructor(message: string, { died = false }: { readonly died?: boolean } = {}) {
    super(message);
    this.died = died;
  }
}

/** So long a kernel may take until it answers for the first time, in ms. */
const startLimit = 60_000;

/** So long its server may be out of reach, in ms: what the kernel says meanwhile is kept there. */
const silenceLimit = 120_000;
const unreachable = "its server can't be reached any more";

/** A fresh kernel on a Jupyter server. Disposed of, it has ended. */
export class Kernel implements AsyncDisposable {
  readonly name: string;
  /** What it says of its language, for a notebook's metadata. */
  readonly language: ILanguageInfoMetadata;
  readonly #server: Server;
  readonly #session: string;
  readonly #connection: Jupyter.IKernelConnection;
  readonly #notebook = new Outputs();
  /** The cell that was executed last: what goes on behind the cells shows there. */
  #latest: CellOutputs | undefined;
  /** Whose outputs a message is, by the request that it answers. */
  readonly #cells = new Map<string, CellOutputs>();
  #silence: ReturnType<typeof setTimeout> | undefined;
  readonly #lost = Promise.withResolvers<never>();

  /** @throws {Error} when the server does not start it; {KernelLost} when it ends at its start */
  static async start(server: Server, options: KernelOptions): Promise<Kernel> {
    const { name, path = `${crypto.randomUUID()}.ipynb` } = options;
    const body = { path, name: path, type: "notebook", kernel: { name } };
    const session = await server.request("POST", "api/sessions", body).catch((cause) => {
      throw new Error(`Cannot start the kernel "${name}": ${cause.reason || cause.message}`, { cause });
    }) as { id: string; kernel: Jupyter.IModel };
    const { KernelConnection } = await loadServices();
    const { settings: serverSettings } = server;
    const connection = new KernelConnection({ model: session.kernel, serverSettings, handleComms: false });
    const kernel = new Kernel(server, session.id, connection, name);
    try {
      const { language_info } = await kernel.#unlessLost(within(connection.info, startLimit, "does not answer"));
      return Object.assign(kernel, { language: language_info });
    } catch (error) {
      await kernel[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(server: Server, session: string, connection: Jupyter.IKernelConnection, name: string) {
    [this.#server, this.#session, this.#connection, this.name] = [server, session, connection, name];
    this.language = { name: "" };
    this.#lost.promise.catch(() => {}); // told to whoever waits for something
    connection.iopubMessage.connect((_, message) => this.#hear(message));
    connection.statusChanged.connect((_, status) => {
      if (["dead", "autorestarting"].includes(status)) this.#lose("it died: its process has ended", true);
    });
    connection.connectionStatusChanged.connect((_, status) => {
      clearTimeout(this.#silence);
      if (status === "disconnected") this.#lose(unreachable);
      // The package tries again by itself, for minutes.
      if (status === "connecting") this.#silence = setTimeout(() => this.#lose(unreachable), silenceLimit);
    });
    server.ended?.then(() => this.#lose("its server has ended"));
  }

  /**
   * Executes code as a cell, and waits until its outputs are in, those too that come after the kernel's answer.
   * An error in the code is told in what it gives.
   *
   * @throws {KernelLost} when the kernel dies or can't be reached any more; what came before is in `outputs`
   */
  async execute(code: string, outputs: CellOutputs = this.newCell()): Promise<Executed> {
    const started = new Date();
    this.#latest = outputs;
    const { content } = await this.#unlessLost(this.#request({ code, stop_on_error: true }, outputs));
    await this.#unlessLost(this.#flush(outputs));
    const failed = content.status === "error" ? content : undefined;
    const told = outputs.list.findLast((output) => output.output_type === "error") as unknown as IError | undefined;
    if (failed !== undefined && told === undefined) outputs.fail(failed); // a syntax error is in the answer alone
    const { list, executionCount } = outputs;
    const error = failed === undefined ? undefined : told ?? failed;
    return { outputs: list, executionCount, ...(error && { error }), started, ended: new Date() };
  }

  /** A place for the outputs of a cell, to be looked at while it is executed. */
  newCell(): CellOutputs {
    return this.#notebook.cell();
  }

  /** The outputs of the cell that was executed last. */
  get latest(): CellOutputs {
    return this.#latest ??= this.newCell();
  }

  /**
   * Asks a Deno kernel for the value of an expression, as JSON; nothing is shown for it. What is put out meanwhile goes
   * to `outputs`.
   */
  async ask(expression: string, outputs: CellOutputs = this.newCell()): Promise<unknown> {
    return await this.#unlessLost(this.#flush(outputs, expression));
  }

  /** When it was interrupted last, in ms of `performance.now()`. */
  interrupted = -Infinity;

  /** What the Stop button of a notebook does. */
  async interrupt(): Promise<void> {
    this.interrupted = performance.now();
    await this.#server.request("POST", `api/kernels/${this.#connection.id}/interrupt`);
  }

  /** Waits for nothing more from it: whoever does gets a {@linkcode KernelLost}. */
  abandon(): void {
    this.#lose("it was given up");
  }

  /** Whether it speaks TypeScript: it is a Deno kernel then. */
  get isDeno(): boolean {
    return this.language.name === "typescript";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.dispose();
    clearTimeout(this.#silence);
    // The server may be restarting a kernel that died: it refuses then, until that is over.
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        return void await this.#server.request("DELETE", `api/sessions/${this.#session}`);
      } catch (error) {
        if (!("status" in (error as Error)) || (error as { status: number }).status === 404) return; // gone already
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  #lose(why: string, died = false): void {
    this.#lost.reject(new KernelLost(`Cannot go on with the kernel "${this.name}": ${why}`, { died }));
  }

  async #unlessLost<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {}); // may be given up on
    return await Promise.race([work, this.#lost.promise]);
  }

  #request(content: KernelMessage.IExecuteRequestMsg["content"], outputs: CellOutputs) {
    const future = this.#connection.requestExecute({ allow_stdin: false, ...content });
    this.#cells.set(future.msg.header.msg_id, outputs);
    return future.done;
  }

  /** Waits for what a Deno kernel has not sent yet: it sends outputs after its answer, under what it is asked next. */
  async #flush(outputs: CellOutputs, expression?: string): Promise<unknown> {
    if (!this.isDeno) return;
    const { code, seen } = flush(expression);
    const answer = Promise.withResolvers<unknown>();
    const hear = (_: unknown, message: KernelMessage.IIOPubMessage) => seen(message, answer.resolve);
    this.#connection.iopubMessage.connect(hear);
    try {
      const { content } = await this.#request({ code, silent: true, store_history: false }, outputs);
      if (content.status === "error") throw new Error(content.evalue);
      return await answer.promise;
    } finally {
      this.#connection.iopubMessage.disconnect(hear);
    }
  }

  #hear(message: KernelMessage.IIOPubMessage): void {
    const { msg_id } = message.parent_header as { msg_id?: string };
    if (!isMark(message)) this.#cells.get(msg_id ?? "")?.take(message);
  }
}

async function within<T>(work: Promise<T>, limit: number, otherwise: string): Promise<T> {
  let timer: number | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new KernelLost(`Cannot use the kernel: it ${otherwise}`)), limit) as never;
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

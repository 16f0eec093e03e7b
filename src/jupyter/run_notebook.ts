import type { IError } from "@jupyterlab/nbformat";
import { basename, dirname, resolve } from "node:path";
import { isRecord } from "../module/value.ts";
import { endRuns } from "./background_runs.ts";
import { type Choice, chooseKernel } from "./choose_kernel.ts";
import { injectParameters, type Parameters } from "./inject.ts";
import { type CodeCell, hasTag, isCode, type Notebook, openNotebook, writeNotebook } from "./ipynb.ts";
import { Kernel } from "./kernel.ts";
import { localPython } from "./local_python.ts";
import { startServer } from "./local_server.ts";
import { type CellEnd, runCell } from "./run_cell.ts";
import { refuseSecrets } from "./secret_parameters.ts";
import { connect, type Server } from "./server.ts";
import { TakenCheck } from "./taken_check.ts";

/** How a notebook is executed. */
export interface RunNotebookOptions {
  /** The path of the notebook. */
  readonly input: string;
  /** Where the executed one is written, after each cell; the same path is allowed. Its folder must be there. */
  readonly output: string;
  /** Values for what the notebook declares by params(), or in a cell tagged `parameters`; no secrets, it holds them. */
  readonly parameters?: Parameters;
  /** A Jupyter server. Left out, a private one is started here, and ended. */
  readonly server?: {
    readonly url: string;
    readonly token?: string;
    /** Where the notebook would be on it: the kernel works in that folder, or the nearest above that is there. */
    readonly path?: string;
  };
  /** A Python with jupyter_server, for the private one; left out, that of the project's own environment. */
  readonly python?: string;
  /** The kernel's name; left out, the notebook's own, else `ptutils`, else `deno`. */
  readonly kernel?: string;
  /** Seconds that a cell may take, and what goes on behind the last one. */
  readonly timeout?: number;
  /** Aborted, it interrupts the cell as the Stop button does, lets it end, and ends the run. */
  readonly signal?: AbortSignal;
  /** Aborted, it ends the run at once, and the kernel; what the cell has put out so far is kept. */
  readonly abandon?: AbortSignal;
  /** Hears how it goes. */
  readonly tell?: (progress: NotebookProgress) => void;
}

/** What a run of a notebook tells of its way. Cells are counted from 1, code cells only. */
export type NotebookProgress =
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "cell"; readonly cell: number; readonly of: number; readonly source: string }
  | ({ readonly type: "end"; readonly cell: number; readonly of: number } & CellEnd);

/** What came of a notebook. */
export interface NotebookOutcome {
  readonly status: "completed" | "failed" | "interrupted";
  /** The error that ended it, and the cell, from 1, code cells only. */
  readonly error?: Pick<IError, "ename" | "evalue" | "traceback"> & { readonly cell: number };
  readonly notebook: Notebook;
}

/**
 * Executes a notebook from its first cell to its last, or to the first error; a cell tagged `raises-exception` may fail.
 * What was done stands in the output at any time. Runs that go on behind the cells when the last has ended are waited
 * for; when an error or a signal ends the notebook, they are stopped and saved.
 *
 * @throws {RangeError} a parameter that is secret by its name
 * @throws {Error} what keeps it from beginning: no such file, no notebook, no server, no kernel, no folder for the output
 */
export async function runNotebook(options: RunNotebookOptions): Promise<NotebookOutcome> {
  const { input, output, parameters = {}, tell = () => {} } = options;
  refuseSecrets(parameters);
  const notebook = await openNotebook(input);
  await requireWritable(output);
  const assigned = injectParameters(notebook, parameters);
  await using server = await serverFor(options);
  const choice = await chooseKernel(server, notebook, options.kernel);
  if (choice.note !== undefined) tell({ type: "note", text: choice.note });
  if (Object.keys(parameters).length > 0 && choice.language !== "typescript") {
    throw new RangeError(
      `Cannot set parameters: the kernel "${choice.name}" speaks ${choice.language}, not TypeScript`,
    );
  }
  await using kernel = await Kernel.start(server, { name: choice.name, path: server.path });
  clear(notebook, choice, kernel);
  options.abandon?.addEventListener("abort", () => kernel.abandon());
  const check = new TakenCheck(kernel, notebook.cells, parameters, assigned);
  return await new Execution(notebook, kernel, options, check).run();
}

/** The cells of a notebook one after the other. */
class Execution {
  readonly #report: Record<string, unknown>;

  constructor(
    readonly notebook: Notebook,
    readonly kernel: Kernel,
    readonly options: RunNotebookOptions,
    readonly check: TakenCheck,
  ) {
    const { metadata } = notebook;
    this.#report = { parameters: options.parameters ?? {}, started: new Date().toISOString(), status: "running" };
    metadata.ptutils = { ...(isRecord(metadata.ptutils) ? metadata.ptutils : {}), execution: this.#report };
  }

  async run(): Promise<NotebookOutcome> {
    await this.#save();
    await this.check.begin();
    const { tell = () => {} } = this.options;
    const cells = this.notebook.cells.filter(isCode), of = cells.length;
    for (const [i, cell] of cells.entries()) {
      if (this.#stopped) return await this.#end("interrupted");
      tell({ type: "cell", cell: i + 1, of, source: cell.source });
      const end = await this.#runOne(cell, i === of - 1);
      tell({ type: "end", cell: i + 1, of, ...end });
      const error = end.error === undefined ? {} : { error: { ...end.error, cell: i + 1 } };
      if (this.#stopped) return await this.#end("interrupted", error);
      if (end.error !== undefined && (end.lost || !hasTag(cell, "raises-exception"))) {
        return await this.#end("failed", error);
      }
      await this.#save();
    }
    return await this.#end("completed");
  }

  get #stopped(): boolean {
    return this.options.signal?.aborted || this.options.abandon?.aborted || false;
  }

  async #runOne(cell: CodeCell, last: boolean): Promise<CellEnd> {
    const { timeout, signal } = this.options;
    const end = await runCell(this.kernel, cell, { timeout, signal });
    if (end.error !== undefined) return end;
    const wrong = await this.check.after(cell, last);
    if (wrong === undefined) return end;
    const error = errorOf(wrong, "TypeError");
    cell.outputs.push({ output_type: "error", ...error });
    return { ...end, error };
  }

  /** Ends the runs that go on behind the cells: after the last cell when they are done, else now. */
  async #end(status: NotebookOutcome["status"], error: Pick<NotebookOutcome, "error"> = {}): Promise<NotebookOutcome> {
    const { timeout, signal, tell = () => {} } = this.options;
    const stop = status !== "completed";
    const wrong = await endRuns(this.kernel, { stop, timeout, signal, tell: (text) => tell({ type: "note", text }) });
    if (!stop && this.#stopped) status = "interrupted";
    else if (!stop && wrong !== undefined) {
      status = "failed";
      error = { error: { ...errorOf(wrong), cell: this.notebook.cells.filter(isCode).length } };
    }
    Object.assign(this.#report, { status, ended: new Date().toISOString() });
    await this.#save();
    return { status, ...error, notebook: this.notebook };
  }

  #save(): Promise<void> {
    return writeNotebook(this.options.output, this.notebook);
  }
}

const errorOf = (evalue: string, ename = "Error") => ({ ename, evalue, traceback: [`${ename}: ${evalue}`] });

/** Takes away what an earlier execution left, and says what executes it now. */
function clear(notebook: Notebook, { name, displayName, language }: Choice, kernel: Kernel): void {
  for (const cell of notebook.cells.filter(isCode)) {
    Object.assign(cell, { outputs: [], execution_count: null });
    delete cell.metadata.execution;
  }
  notebook.metadata.kernelspec = { name, display_name: displayName, language };
  notebook.metadata.language_info = kernel.language;
}

/** Asked before anything is run. A rename would replace a file that is read-only, too. */
async function requireWritable(output: string): Promise<void> {
  const refuse = (found: string) => new Error(`Cannot write "${output}": ${found}`);
  const stat = (path: string) => Deno.stat(path).catch(() => undefined);
  if (!(await stat(dirname(resolve(output))))?.isDirectory) {
    throw refuse(`the folder ${dirname(output)} is not there; make it first`);
  }
  const found = await stat(output);
  if (found?.isDirectory) throw refuse("it is a folder; name a file in it");
  if (found?.mode && (found.mode & 0o222) === 0) {
    throw refuse("it is read-only; choose another file, or make it writable");
  }
}

/** The server to use, and where on it the notebook is. */
async function serverFor(options: RunNotebookOptions): Promise<Server & AsyncDisposable & { path: string }> {
  const { input, server, tell = () => {} } = options;
  if (server === undefined) {
    const python = options.python ?? await localPython((text) => tell({ type: "note", text }));
    return { ...await startServer({ python, root: dirname(resolve(input)) }), path: basename(input) };
  }
  const { url, token, path = basename(input) } = server;
  return { ...await connect(url, token), path, [Symbol.asyncDispose]: () => Promise.resolve() };
}

import type { IError } from "@jupyterlab/nbformat";
import type { CodeCell } from "./ipynb.ts";
import { explain } from "./explain.ts";
import { type Kernel, KernelLost } from "./kernel.ts";
import { stopOn } from "./stop_on.ts";

/** How a cell is executed. */
export interface RunCellOptions {
  /** Seconds after which it is stopped. */
  readonly timeout?: number;
  /** Aborted, it has the kernel stop the cell, and lets the cell end. */
  readonly signal?: AbortSignal;
}

/** How a cell ended. */
export interface CellEnd {
  readonly error?: Pick<IError, "ename" | "evalue" | "traceback">;
  /** Whether the kernel can't execute another. */
  readonly lost: boolean;
  readonly seconds: number;
}

/** So long a cell may take to end after it was stopped for its time, in ms. */
const grace = 10_000;

/** Executes a cell of a notebook, whose outputs and times it then has. Never throws for what the kernel does. */
export async function runCell(kernel: Kernel, cell: CodeCell, options: RunCellOptions = {}): Promise<CellEnd> {
  const { timeout, signal } = options;
  const outputs = kernel.newCell();
  cell.outputs = outputs.list;
  const started = Date.now();
  using stop = stopOn(kernel, { timeout, grace, signal });
  let lost = false;
  let error: CellEnd["error"];
  try {
    ({ error } = await Promise.race([kernel.execute(cell.source, outputs), stop.tooLate]));
    if (error !== undefined) error = await explain(kernel, cell, error);
    if (stop.timedOut) throw new RangeError(`Cannot let the cell run on: it took longer than ${timeout} s`);
  } catch (cause) {
    const { name, message } = cause as Error;
    lost = cause instanceof KernelLost;
    const hint = cause instanceof KernelLost && cause.died && signal?.aborted
      ? "; it does not listen to Ctrl-C unless ptutils is imported in it"
      : "";
    error = { ename: name, evalue: message + hint, traceback: [] };
    outputs.fail(error);
  }
  const ended = Date.now();
  cell.execution_count = outputs.executionCount;
  cell.metadata.execution = {
    "iopub.execute_input": new Date(started).toISOString(),
    "shell.execute_reply": new Date(ended).toISOString(),
  };
  return { ...(error && { error }), lost, seconds: (ended - started) / 1000 };
}

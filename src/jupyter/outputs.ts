import type { IDisplayData, IDisplayUpdate, IError, IExecuteResult, IOutput, IStream } from "@jupyterlab/nbformat";
import type { KernelMessage } from "@jupyterlab/services";

/** The outputs of the cells of one notebook, put together from a kernel's messages. */
export class Outputs {
  /** Displays by their id, wherever they are: each may be updated from any cell. */
  readonly #displays = new Map<string, Set<IDisplayData | IDisplayUpdate>>();

  /** The outputs of one more cell. */
  cell(): CellOutputs {
    return new CellOutputs(this);
  }

  /** Notes that a display may be updated under an id. */
  show(id: string, output: IDisplayData): void {
    if (!this.#displays.has(id)) this.#displays.set(id, new Set());
    this.#displays.get(id)!.add(output);
  }

  /** Replaces what the displays of an id show. */
  update(id: string, { data, metadata }: Pick<IDisplayData, "data" | "metadata">): void {
    for (const output of this.#displays.get(id) ?? []) Object.assign(output, { data, metadata });
  }
}

/** The outputs of one cell, as a notebook file has them. The list stays the same; it grows, and what is in it changes. */
export class CellOutputs {
  readonly list: IOutput[] = [];
  /** Which execution of the kernel it was; null until that is known. */
  executionCount: number | null = null;
  readonly #notebook: Outputs;
  #clearBeforeNext = false;

  constructor(notebook: Outputs) {
    this.#notebook = notebook;
  }

  /** Takes a message in. Those that are no outputs change nothing. */
  take({ header, content }: KernelMessage.IIOPubMessage): void {
    switch (header.msg_type) {
      case "execute_input":
        this.executionCount = (content as { execution_count: number }).execution_count;
        break;
      case "stream":
        this.#stream(content as unknown as IStream & { text: string });
        break;
      case "clear_output":
        this.#clear((content as { wait: boolean }).wait);
        break;
      case "error":
        this.fail(content as unknown as IError);
        break;
      case "execute_result":
      case "display_data":
        this.#display(header.msg_type, content as unknown as Shown);
        break;
      case "update_display_data": {
        const { data, metadata, transient } = content as unknown as Shown;
        if (transient?.display_id !== undefined) this.#notebook.update(transient.display_id, { data, metadata });
      }
    }
  }

  /** Adds an error. */
  fail({ ename, evalue, traceback }: Pick<IError, "ename" | "evalue" | "traceback">): void {
    this.#push({ output_type: "error", ename, evalue, traceback });
  }

  #stream({ name, text }: IStream & { text: string }): void {
    const last = this.#clearBeforeNext ? undefined : this.list.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text += text;
    else this.#push({ output_type: "stream", name, text });
  }

  #display(output_type: "execute_result" | "display_data", content: Shown): void {
    const { data, metadata = {}, execution_count, transient } = content;
    const output = output_type === "display_data"
      ? { output_type, data, metadata } as IDisplayData
      : { output_type, data, metadata, execution_count } as IExecuteResult;
    this.#push(output);
    if (transient?.display_id !== undefined) this.#notebook.show(transient.display_id, output as IDisplayData);
  }

  #clear(wait: boolean): void {
    this.#clearBeforeNext = wait;
    if (!wait) this.list.length = 0;
  }

  #push(output: IOutput): void {
    if (this.#clearBeforeNext) this.#clear(false);
    this.list.push(output);
  }
}

type Shown = IDisplayData & { execution_count?: number; transient?: { display_id?: string } };

import { register } from "../module/registry.ts";
import type { History } from "../module/history.ts";
import { enter } from "../session/announce.ts";
import { Session as Experiment } from "../session/session.ts";
import { hear } from "./background_runs.ts";
import { fromNotebook } from "./from_notebook.ts";
import { inKernel } from "./kernel.ts";
import { finished } from "./live.ts";
import type { NotebookRun } from "./notebook_run.ts";
import { noteRun } from "./run_source.ts";
import { RunView, type RunViewOptions } from "./run_view.ts";
import { isShownBy } from "./shown.ts";
import { currentCell, noteConfigured } from "./sources.ts";
import { cellIsStopped } from "./stopped_cell.ts";
import { TreeView } from "./tree_view.ts";
import type { View } from "./view.ts";

/** How a run is run. */
export interface RunOptions {
  /** Whether a notebook's cell shows it, unless it is shown already. */
  view?: boolean;
}

/**
 * The root of an experiment: trains a model on data, keeps the record, and goes on where an earlier session stopped. In
 * a notebook it shows itself.
 *
 * @example
 * ```ts
 * import { Session } from "ptutils";
 * const session = await Session.configure({
 *   name: "example",
 *   trainer: { looper: { steps: 5 } },
 *   dataProvider: { datasets: { train: "Digits" } },
 *   dbInterface: "MemoryStore",
 * });
 * const history = await session.run();
 * if (history.last("train/loss")?.step !== 5) throw new Error("unexpected");
 * if (!(await session.view().html()).includes("example")) throw new Error("unexpected");
 * ```
 */
export class Session extends Experiment {
  /**
   * The runs of a notebook, out of its outputs: to compare, or to go on with.
   *
   * @throws {SyntaxError} a file that is no notebook
   */
  static async fromNotebook<C extends typeof Session>(this: C, path: string): Promise<NotebookRun<InstanceType<C>>[]> {
    return await fromNotebook(path, { session: this }) as NotebookRun<InstanceType<C>>[];
  }

  override async prepare(): Promise<void> {
    if (inKernel) noteConfigured(this);
    await super.prepare();
  }

  /** Begins to train and gives back at once; `done` resolves when it has ended. */
  override start(): this {
    super.start();
    noteRun(this, super.done);
    return this;
  }

  /** Resolves to the History when training has ended; rejects when it failed. */
  override get done(): Promise<History> {
    return hear(super.done);
  }

  /** Trains to the end, or shows the finished run: resolves to its History. In a notebook it is shown meanwhile. */
  override async run({ view = true }: RunOptions = {}): Promise<History> {
    if (!inKernel) return await super.run();
    if (await cellIsStopped()) return this.#leaveOut();
    const done = super.run();
    const cell = await currentCell();
    if (view && !await isShownBy(this, cell?.execution)) await this.view().show();
    try {
      return await done;
    } finally {
      await finished();
    }
  }

  /** How the run is: status, progress, charts of its series, its latest checkpoint, warnings; follows it. */
  view(options: RunViewOptions = {}): View {
    return new RunView(this, options);
  }

  /** The tree of its Modules, with shapes and numbers of parameters. */
  tree(): View {
    return new TreeView(this);
  }

  /** Its cell was stopped while it was at another run. */
  #leaveOut(): History {
    if (this.status.phase !== "completed") {
      enter(this, "interrupted", { reason: "its cell was stopped before it began" });
    }
    return this.history;
  }
}

register(Session);

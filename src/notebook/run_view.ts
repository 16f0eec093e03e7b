import type { Value } from "../module/value.ts";
import type { Session } from "../session/session.ts";
import { mime } from "./bundle.ts";
import { chartOf, type ChartOptions } from "./chart_options.ts";
import { historyFigure } from "./history_figure.ts";
import { givenParameters } from "./given_parameters.ts";
import type { Cell } from "./ear.ts";
import { inKernel } from "./kernel.ts";
import { progressOf } from "./progress.ts";
import { recordOf } from "./record.ts";
import { results } from "./results.ts";
import { headHtml, phaseText, shownWarnings, warningText } from "./run_head.ts";
import { goingOf, RunSource } from "./run_source.ts";
import { Showing } from "./showing.ts";
import { noteShown } from "./shown.ts";
import { configuredIn, currentCell } from "./sources.ts";
import { bundleOf, type Still } from "./still.ts";
import { followInTerminal } from "./terminal_line.ts";
import { View } from "./view.ts";

/** How a run is shown. */
export interface RunViewOptions extends ChartOptions {
  /** Whether the record in the notebook holds the weights too: as they are, or up to so many bytes. */
  weights?: boolean | { readonly limit: number };
}

/** Bytes of weights that a record takes unless another limit is said. */
const usualLimit = 1_000_000;

/** The notebook's parameters; null where it declares none. */
function parametersNow(): Record<string, Value> | null {
  const { settled } = givenParameters();
  return Object.keys(settled).length === 0 ? null : settled as Record<string, Value>;
}

/** What the head says of where it is kept: nothing where that is as it should be. */
function keptText({ status: { unsaved }, dbInterface }: Session): string {
  if (unsaved !== undefined) return `NOT all saved: ${unsaved}`;
  return dbInterface.location === undefined ? "kept in memory only" : "";
}

/** A run: how it is, how far, charts of its series, its latest checkpoint, its warnings. Follows it while it goes on. */
export class RunView extends View {
  readonly #session: Session;
  readonly #charts: ChartOptions;
  readonly #weights: { readonly limit: number } | undefined;

  /** @throws {TypeError} options that there are not */
  constructor(session: Session, { weights = false, ...charts }: RunViewOptions = {}) {
    super();
    chartOf(charts);
    this.#session = session;
    this.#charts = charts;
    this.#weights = weights === true ? { limit: usualLimit } : weights || undefined;
  }

  /** Shows it, and follows it until the run ends. */
  override async show(): Promise<void> {
    if (!inKernel) return await this.#print();
    const cell = currentCell();
    const showing = new Showing(new RunSource(this.#session, this.#charts), () => this.#bundle(cell));
    void noteShown(this.#session, showing, cell);
    await showing.begin();
  }

  /** In a terminal: a line that follows the run, then what came out. */
  async #print(): Promise<void> {
    const done = goingOf(this.#session);
    if (done !== undefined) void followInTerminal(this.#session, done).then(() => super.show());
    else await super.show();
  }

  protected override still(): Promise<Still> {
    return this.#still(undefined);
  }

  async #bundle(cell: Promise<Cell | undefined>) {
    return await bundleOf(await this.#still((await cell)?.digest));
  }

  async #still(cell: string | undefined): Promise<Still> {
    const session = this.#session, { history } = session;
    const head = {
      name: session.id,
      phase: phaseText(session),
      line: progressOf(session).text,
      checkpoint: keptText(session),
      warnings: warningText(session),
      bar: progressOf(session).fraction ?? 0,
    };
    const record = await recordOf(session, {
      params: parametersNow(),
      source: { cell: cell ?? null, configured: await configuredIn(session) ?? null },
      ...(this.#weights === undefined ? {} : { weights: this.#weights }),
    });
    return {
      title: session.id,
      text: `${session.id}\n${results(session, { folder: Deno.cwd(), warnings: shownWarnings })}`,
      html: (chart) => headHtml(head, chart),
      ...(history.length === 0 ? {} : { figure: (points) => historyFigure(history, { points, ...this.#charts }) }),
      extra: { [mime.record]: record as never },
    };
  }
}

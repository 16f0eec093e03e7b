import type { DBInterface } from "../store/db_interface.ts";
import type { RunDocument } from "../store/run/run_document.ts";
import type { RunQuery } from "../store/run/run_query.ts";
import { escapeHtml } from "./escape.ts";
import { cellOf, headingOf, selectionOf, shortNumber, usualColumns } from "./run_columns.ts";
import type { Still } from "./still.ts";
import { View } from "./view.ts";

/** What of which runs is shown. */
export interface RunTableOptions extends Omit<RunQuery, "select"> {
  /** Paths, as a query selects them: `["id", "optimizer.learningRate", "best.validation/accuracy"]`. */
  columns?: readonly string[];
}

/**
 * A table of runs: those in a store that a query asks for, looked up each time that it is shown, or the documents that
 * one gave.
 *
 * @example
 * ```ts
 * import { MemoryStore, runTable } from "ptutils";
 * const table = runTable(new MemoryStore(), { sort: { created: -1 }, columns: ["id", "phase"] });
 * if (await table.text() !== "no runs") throw new Error("unexpected");
 * ```
 */
export function runTable(runs: DBInterface | readonly RunDocument[], options: RunTableOptions = {}): View {
  return new RunTable(runs, options);
}

/** The view of {@linkcode runTable}. */
class RunTable extends View {
  readonly #runs: DBInterface | readonly RunDocument[];
  readonly #options: RunTableOptions;

  constructor(runs: DBInterface | readonly RunDocument[], options: RunTableOptions) {
    super();
    this.#runs = runs;
    this.#options = options;
  }

  protected override async still(): Promise<Still> {
    const { columns = usualColumns(this.#options), ...query } = this.#options;
    const runs = Array.isArray(this.#runs)
      ? this.#runs as readonly RunDocument[]
      : await (this.#runs as DBInterface).runs.query({ ...query, select: selectionOf(columns) });
    return {
      title: `${runs.length} run${runs.length === 1 ? "" : "s"}`,
      text: runTableText(runs, columns),
      html: () => runs.length === 0 ? "no runs" : htmlOf(runs, columns),
      kept: (bytes) => runs.length === 0 ? "no runs" : keptHtml(runs, columns, bytes),
    };
  }
}

/** Runs as text, a line each. @param width how many letters fit in a line; columns of text are cut to that */
export function runTableText(runs: readonly RunDocument[], columns: readonly string[], width = Infinity): string {
  if (runs.length === 0) return "no runs";
  const cells = runs.map((run) => columns.map((column) => cellOf(run, column)));
  const texts = cells.map((row) => row.map((cell) => typeof cell === "number" ? shortNumber(cell) : cell));
  const headings = columns.map(headingOf);
  const widths = fitted([headings, ...texts], cells, width);
  const line = (row: readonly string[], source?: readonly (string | number)[]) =>
    row.map((text, i) => {
      const cut = shorten(text, widths[i]!);
      return typeof source?.[i] === "number" ? cut.padStart(widths[i]!) : cut.padEnd(widths[i]!);
    }).join("  ").trimEnd();
  const rule = widths.map((wide) => "-".repeat(wide)).join("  ");
  return [line(headings), rule, ...texts.map((row, i) => line(row, cells[i]))].join("\n");
}

/** The columns' widths; where they are too many for a line, the widest of those that are not numbers get narrower. */
function fitted(rows: readonly string[][], cells: readonly (string | number)[][], width: number): number[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const least = widths.map((wide, i) => cells.some((row) => typeof row[i] === "number") ? wide : Math.min(wide, 8));
  const whole = () => widths.reduce((sum, wide) => sum + wide + 2, -2);
  while (whole() > width) {
    const [widest] = widths.map((wide, i) => ({ i, room: wide - least[i]! })).sort((a, b) =>
      b.room - a.room || a.i - b.i
    );
    if (widest!.room === 0) break;
    widths[widest!.i]!--;
  }
  return widths;
}

const shorten = (text: string, width: number): string => text.length <= width ? text : `${text.slice(0, width - 1)}…`;

const style = {
  table: "border-collapse:collapse;font-size:12px;line-height:1.4",
  cell: "text-align:left;padding:1px 10px 1px 0;vertical-align:top",
  number: "text-align:right;padding:1px 10px 1px 0;vertical-align:top",
};

/** As many rows as have room. */
function keptHtml(runs: readonly RunDocument[], columns: readonly string[], bytes: number): string {
  const whole = htmlOf(runs, columns), share = bytes / (2 * whole.length); // a letter may take two bytes, or more
  if (share >= 1) return whole;
  const rows = Math.max(1, Math.floor(runs.length * share));
  return `${htmlOf(runs.slice(0, rows), columns)}<div>and ${runs.length - rows} more runs</div>`;
}

function htmlOf(runs: readonly RunDocument[], columns: readonly string[]): string {
  const isNumber = columns.map((column) => runs.some((run) => typeof cellOf(run, column) === "number"));
  const css = (i: number) => isNumber[i] ? style.number : style.cell;
  const row = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text, i) => `<${tag} style="${css(i)}">${escapeHtml(text)}</${tag}>`).join("")}</tr>`;
  const body = runs.map((run) =>
    row(
      "td",
      columns.map((column) => {
        const cell = cellOf(run, column);
        return typeof cell === "number" ? shortNumber(cell) : cell;
      }),
    )
  );
  return `<table style="${style.table}"><thead>${row("th", columns.map(headingOf))}</thead>` +
    `<tbody>${body.join("")}</tbody></table>`;
}

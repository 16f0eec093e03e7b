import type { RunDocument } from "./run_document.ts";
import type { RunQuery } from "./run_query.ts";

/** How the runs that a query gave are shown as the value of a cell; a kernel says so, elsewhere they are plain lists. */
export const runsInCell: { show?: (runs: readonly RunDocument[], query: RunQuery) => unknown } = {};

/** The same list, which a kernel shows as a table. */
export function shownRuns(runs: RunDocument[], query: RunQuery): RunDocument[] {
  const { show } = runsInCell;
  if (show === undefined) return runs;
  return Object.defineProperty(runs, Symbol.for("Jupyter.display"), { value: () => show(runs, query) });
}

import { runsInCell } from "../store/run/shown_runs.ts";
import { usualColumns } from "./run_columns.ts";
import { runTable } from "./run_table.ts";

/** Has the runs that a query gives show as a table where they are the value of a cell. */
export function showRunsAsTable(): void {
  runsInCell.show = (runs, query) => {
    const columns = query.select === undefined ? usualColumns(query) : [...new Set(["id", ...query.select])];
    const table = runTable(runs, { columns });
    return (table as unknown as Record<symbol, () => unknown>)[Symbol.for("Jupyter.display")]!();
  };
}

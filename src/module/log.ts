import { Table } from "./columns.ts";
import type { Statistic } from "./statistic.ts";

/** Statistics in their order, shared by the Histories that are its beginnings. */
export class Log {
  readonly tables: Table[] = [];
  length = 0;

  append(statistic: Statistic): void {
    this.#tableOf(statistic).append(this.length++, statistic);
  }

  #tableOf(statistic: Statistic): Table {
    for (const table of this.tables) if (table.takes(statistic)) return table;
    const table = new Table(statistic.phase, statistic.path, Object.keys(statistic.values));
    this.tables.push(table);
    return table;
  }
}

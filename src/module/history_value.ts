import { columnOf } from "./columns.ts";
import { isNDArray, type NDArray } from "./ndarray.ts";
import type { StatisticFields } from "./statistic.ts";
import { isRecord, kindOf, type Value } from "./value.ts";

/** What marks a History's Value. */
export const historyFormat = "ptutils.history";

/** The columns that every table of a History's Value has; one for each value follows. */
export const columnNames = ["index", "step", "epoch", "size", "samples", "time"] as const;

interface StoredTable {
  readonly phase: string;
  readonly path: string;
  readonly names: string[];
  readonly columns: Record<string, NDArray>;
}

/** The Statistics in a History's Value, in order. @throws {SyntaxError} anything else, or one that is damaged */
export function statisticsInValue(value: Value): StatisticFields[] {
  const { format, tables, length } = (value ?? {}) as Record<string, Value>;
  if (format !== historyFormat) {
    const found = isRecord(value) && format !== undefined ? `a record of format ${format}` : kindOf(value);
    throw new SyntaxError(`Cannot read a History: found ${found}; it is what History.write writes`);
  }
  const rows = Array.isArray(tables) ? tables.flatMap((table) => rowsOf(checked(table))) : [];
  rows.sort((a, b) => a.index - b.index);
  const isWhole = rows.length === length && rows.every(({ index }, i) => index === i);
  if (!isWhole) throw new SyntaxError(`Cannot read a History: found ${rows.length} Statistics of ${length}`);
  return rows.map(({ statistic }) => statistic);
}

function rowsOf({ phase, path, names, columns }: StoredTable): { index: number; statistic: StatisticFields }[] {
  return Array.from({ length: columns.index!.size }, (_, row) => {
    const at = (name: string) => Number(columns[name]!.data[row]);
    const [index, step, epoch, size, samples, time] = columnNames.map(at) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const values = Object.fromEntries(names.map((name) => [name, at(columnOf(name))]));
    return { index, statistic: { phase, path, step, epoch, size, samples, time, values } };
  });
}

function checked(table: Value): StoredTable {
  const { phase, path, names, columns } = (isRecord(table) ? table : {}) as unknown as StoredTable;
  const isNamed = typeof phase === "string" && typeof path === "string" && Array.isArray(names) &&
    names.every((name) => typeof name === "string") && isRecord(columns);
  const wanted = isNamed ? [...columnNames, ...names.map(columnOf)] : [];
  const isWhole = isNamed &&
    wanted.every((name) => isNDArray(columns[name]) && columns[name].size === columns.index!.size);
  if (isWhole) return { phase, path, names, columns };
  throw new SyntaxError("Cannot read a History: a table lacks columns, or they are not equally long");
}

import { codecFor } from "./codec.ts";
import { writeValue } from "./file.ts";
import type { Statistic } from "./statistic.ts";
import { statisticsToRows } from "./statistic_rows.ts";
import type { Value } from "./value.ts";

/** Statistics to be written, and what they are where a file holds more than a table. */
export interface StatisticsToWrite {
  /** What they are, for the error of a format that can't hold them. */
  readonly what: string;
  readonly statistics: Iterable<Statistic>;
  value(): Value;
}

/** Writes Statistics: as rows where the path's format is one of tables (.csv, .parquet, .arrow), as a value elsewhere. */
export async function writeRows(path: string, { what, statistics, value }: StatisticsToWrite): Promise<void> {
  const { holds } = await codecFor(path);
  if (holds === "rows") await writeValue(path, statisticsToRows(statistics));
  else await writeValue(path, value(), { what });
}

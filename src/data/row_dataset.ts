import { z } from "zod";
import type { Value } from "../module/value.ts";
import { isRows } from "./reading/columns.ts";
import { describe } from "./reading/contents.ts";
import { locations } from "./data_reader.ts";
import { digestOfFiles } from "./items/file_digest.ts";
import { rowsOf, rowsOption } from "./items/held_rows.ts";
import { ItemKeeper, type KeptItems } from "./items/item_keeper.ts";
import { itemOptions } from "./items/item_options.ts";
import { LoadedDataset } from "./items/loaded_dataset.ts";
import { nameOfLocation } from "./reading/location.ts";
import { pathOption } from "./reading/path_option.ts";
import { streamFile } from "./reading/stream_file.ts";

const schema = z.strictObject({
  /** The table: records with the same keys. */
  rows: rowsOption.optional(),
  /** Or the file that it is in, a pattern of files, an address. */
  path: pathOption.optional(),
  ...itemOptions,
}).superRefine(({ rows, path }, context) => {
  if ((rows === undefined) !== (path === undefined)) return;
  const message = rows === undefined
    ? "there is no table; give rows, or the path of a file"
    : "give rows or path, not both";
  context.addIssue({ code: "custom", path: [rows === undefined ? "rows" : "path"], message });
});

/**
 * The rows of a table as items: numbers of the `input` columns one after the other (float32), and the `target` column.
 * Texts there are the names of classes, which are sorted, and kept as {@linkcode classes}; list them in `classes` where
 * several data sets should number them alike. A missing number is an error that names its row and column, unless
 * `missing` says what to do.
 *
 * The table is given in code (up to 1,000 rows of plain cells stand in the configuration, more by their sha256) or lies
 * in a file.
 *
 * @example
 * ```ts
 * import { RowDataset } from "ptutils";
 * const rows = [{ petal: 1.4, sepal: 5.1, name: "setosa" }, { petal: 4.7, sepal: 7, name: "versicolor" }];
 * const flowers = await RowDataset.configure({ rows, input: ["sepal", "petal"], target: "name" });
 * if (flowers(1).target !== 1 || `${flowers(1).input.shape}` !== "2") throw new Error("unexpected");
 * ```
 */
export class RowDataset extends LoadedDataset<typeof schema> {
  static override schema: z.ZodObject = schema;

  protected override get source(): string {
    return this.options.path === undefined ? "the rows" : `"${this.options.path}"`;
  }

  protected override async load(): Promise<KeptItems> {
    const { rows, path, memory } = this.options, keeper = new ItemKeeper(this.source, this.options);
    if (rows !== undefined) keeper.take(rowsOf(rows) as Value);
    else {
      for (const location of await locations(path!)) {
        keeper.begin(`"${nameOfLocation(location)}"`);
        for await (const block of streamFile(location, { maxBytes: memory })) {
          if (!isRows(block)) throw noTable(path!, block);
          keeper.take(block as Value);
        }
      }
    }
    return keeper.finish();
  }

  /** By what the rows hold; of a file, by its content and how items are made of it, not by its path. */
  override async digest(): Promise<string> {
    const { rows: _, path, memory: __, ...how } = this.options;
    return path === undefined ? await super.digest() : await digestOfFiles(await locations(path), how);
  }
}

const noTable = (path: string, block: Value): TypeError =>
  new TypeError(`Cannot use "${path}" as a table: it holds ${describe(block)}; take a FileDataset for arrays`);

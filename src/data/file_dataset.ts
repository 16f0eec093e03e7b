import { z } from "zod";
import { locations } from "./data_reader.ts";
import { digestOfFiles } from "./items/file_digest.ts";
import { ItemKeeper, type KeptItems } from "./items/item_keeper.ts";
import { itemOptions } from "./items/item_options.ts";
import { LoadedDataset } from "./items/loaded_dataset.ts";
import { nameOfLocation } from "./reading/location.ts";
import { pathOption } from "./reading/path_option.ts";
import { streamFile } from "./reading/stream_file.ts";

const schema = z.strictObject({
  /** A file, a pattern as `shards/*.tfrecord`, or an address. Relative paths are taken from the working folder. */
  path: pathOption,
  /** Where the targets lie, if not in the same files. */
  targetPath: pathOption.optional(),
  ...itemOptions,
  /** The name of the target's array, or column: "target", or with `targetPath` the only one that there is. */
  target: itemOptions.target.unwrap().optional(),
}).overwrite((options) =>
  options.target === undefined && options.targetPath === undefined ? { ...options, target: "target" } : options
);

/**
 * Items in files of any format that holds arrays (`.npz`, `.npy`, `.h5`, `.safetensors`, `.idx`, ...) or rows (`.csv`,
 * `.parquet`, `.arrow`, TFRecords of examples), several of them by a pattern. `input` and `target` name arrays, whose
 * first dimension is the items, or columns. The files are read block by block; items beyond `memory` bytes are kept in a
 * temporary file, so that they may be larger than the memory.
 *
 * @example
 * ```ts
 * import { FileDataset } from "ptutils";
 * const path = `${await Deno.makeTempDir()}/flowers.json`;
 * await Deno.writeTextFile(path, '[{"petal": 1.4, "name": "setosa"}, {"petal": 4.7, "name": "versicolor"}]');
 * const flowers = await FileDataset.configure({ path, input: ["petal"], target: "name" });
 * if (flowers.size !== 2 || `${flowers.classes}` !== "setosa,versicolor") throw new Error("unexpected");
 * ```
 */
export class FileDataset extends LoadedDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = { files: "path, which may be a pattern" };

  protected override get source(): string {
    return `"${this.options.path}"`;
  }

  protected override async load(): Promise<KeptItems> {
    const { path, targetPath, memory } = this.options, keeper = new ItemKeeper(this.source, this.options);
    const read = async (where: string, only: readonly string[] | undefined, take: (block: never) => void) => {
      for (const location of await locations(where)) {
        keeper.begin(`"${nameOfLocation(location)}"`);
        for await (const block of streamFile(location, { only, maxBytes: memory })) take(block as never);
      }
    };
    if (targetPath === undefined) await read(path, this.#names, (block) => keeper.take(block));
    else {
      await read(path, listed(this.options.input), (block) => keeper.takeInput(block));
      await read(targetPath, listed(this.options.target), (block) => keeper.takeTarget(block));
    }
    return keeper.finish();
  }

  /** By what the files hold, of up to 1 GiB each all of it, and by how items are made of that; not by their paths. */
  override async digest(): Promise<string> {
    const { path, targetPath, memory: _, ...how } = this.options;
    const files = [...await locations(path), ...targetPath === undefined ? [] : await locations(targetPath)];
    return await digestOfFiles(files, how);
  }

  /** The arrays or columns that are read; undefined for all of them. */
  get #names(): readonly string[] | undefined {
    const { input, target } = this.options;
    return input === undefined ? undefined : [...new Set([input, target!].flat())];
  }
}

const listed = (name: string | readonly string[] | undefined): readonly string[] | undefined =>
  name === undefined ? undefined : [name].flat();

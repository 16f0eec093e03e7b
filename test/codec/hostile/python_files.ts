import { join } from "node:path";
import { runPython } from "../../python.ts";
import { removeAtEnd } from "../../remove_at_end.ts";
import type { HostileFile } from "./hostile_file.ts";

let made: Promise<string> | undefined;

/** The files' folder, gone with the process. */
const folder = (): Promise<string> =>
  made ??= (async () => {
    const folder = Deno.makeTempDirSync({ prefix: "hostile-python-" });
    globalThis.addEventListener("unload", () => removeAtEnd(folder));
    await runPython(Deno.readTextFileSync(new URL("./files.py", import.meta.url)), folder);
    return folder;
  })();

const file = (name: string, what: string, says?: RegExp, options: Partial<HostileFile> = {}): HostileFile => ({
  format: name.split(".")[1]!,
  what,
  bytes: async () => Deno.readFileSync(join(await folder(), name)),
  says,
  ...options,
});
const legal = { mayRead: true }, legalInParts = { partsMayBeRead: true };

export const pythonFiles: readonly HostileFile[] = [
  file("never-written.h5", "8 TiB in chunks that were never written"),
  file("never-written-whole.h5", "64 GiB in one piece that was never written"),
  file("external-link.h5", "a link into another file", undefined, legal),
  file("external-storage.h5", "data that lie in another file"),
  file("virtual.h5", "a view of another file's data", undefined, legal),
  file("link-cycle.h5", "links in a circle", undefined, legal),
  file("group-cycle.h5", "a group that holds itself", undefined, legal),
  file("two-ways.h5", "2^40 ways through 40 groups", undefined, legal),
  file("deep.h5", "3,000 groups in one another", undefined, legal),
  file("lzf.h5", "a filter that not every library has", undefined, legal),
  file("zeros.h5", "2 GiB of zeros in a small file"),
  file("rows.parquet", "20 million rows in a small file", undefined, legalInParts),
  file("zeros.parquet", "256 MiB of zeros in a small file", undefined, legalInParts),
  file("texts.parquet", "1 GB of text in a small file"),
  file("deep.parquet", "60 records in one another", undefined, legal),
  file("columns.parquet", "10,000 columns", undefined, legal),
  file("nulls.arrow", "two thousand million cells that take no place"),
  file("zeros.arrow", "64 MiB of zeros in a small file"),
  file("deep.arrow", "60 lists in one another", undefined, legal),
];

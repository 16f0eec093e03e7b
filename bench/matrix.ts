import { resolveBackend } from "../src/backend/resolve.ts";
import { type Column, columns, examine, tableOf, withTable } from "../test/model/matrix/table.ts";

/**
 * `deno task matrix [--update] [backend ...]`: examines everything that a configuration can name on these backends, or
 * on every one that there is, and prints what was found as a table; with `--update` the README's is made anew. A backend
 * that isn't there keeps what was found last. One in software that pretends to be a GPU takes some minutes.
 */
const wanted = Deno.args.filter((arg) => arg !== "--update");
const readme = new URL("../README.md", import.meta.url);
const text = Deno.readTextFileSync(readme);
const found: Record<string, Column> = {};
for (const backend of columns.filter((name) => wanted.length === 0 || wanted.includes(name))) {
  try {
    await resolveBackend(backend);
  } catch (error) {
    console.error(`${backend} is left as it was: ${(error as Error).message}`);
    continue;
  }
  const begin = performance.now();
  found[backend] = await examine();
  const wrong = [...found[backend].values()].filter((cell) => cell !== "ok").length;
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.error(`${backend}: ${found[backend].size} rows, ${wrong} not ok, ${seconds} s`);
}
const table = tableOf(found, text);
console.log(table);
if (Deno.args.includes("--update")) Deno.writeTextFileSync(readme, withTable(text, table));
Deno.exit(0);

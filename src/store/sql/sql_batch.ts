import { type Batch, type Bytes, partsOf } from "../folder.ts";
import type { Database } from "./database.ts";
import { putFile } from "./files.ts";

/** What was staged so long ago (ms) and never shown is what a killed process left. */
const abandoned = 3_600_000;

/** Files that are written one by one where nobody sees them, and shown in one transaction. */
export class SqlBatch implements Batch {
  readonly #database: Database;
  /** Path to the id of what is staged for it. */
  readonly #staged = new Map<string, number>();
  readonly #replaced: number[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  async add(path: string, bytes: Bytes): Promise<void> {
    const { engine } = this.#database;
    const options = { what: this.#what(path), paths: [path], durable: !engine.embedded };
    const id = await this.#database.write(options, (work) => putFile(work, engine, { staged: path }, partsOf(bytes)));
    const before = this.#staged.get(path);
    if (before !== undefined) this.#replaced.push(before);
    this.#staged.set(path, id);
  }

  async commit(): Promise<void> {
    const paths = [...this.#staged.keys()], ids = [...this.#staged.values()];
    if (ids.length === 0) return;
    const what = this.#what(paths[0]!), { engine } = this.#database;
    // Done twice, it is the same as once: the answer to a commit may get lost.
    await this.#database.write({ what, paths }, async (work) => {
      await work.deleteFrom("ptutils_files").where("path", "in", paths).where("id", "not in", ids).execute();
      const shown = await work.updateTable("ptutils_files")
        .set((eb) => ({ path: eb.fn.coalesce("staged", "path"), staged: null, modified: engine.now() }))
        .where("id", "in", ids).executeTakeFirst();
      if (Number(shown.numUpdatedRows) !== ids.length) {
        throw new Error(`Cannot ${what}: it took so long that a part was swept; write it again`);
      }
      const long = engine.now();
      await work.deleteFrom("ptutils_files").where("staged", "is not", null)
        .where((eb) => eb("modified", "<", eb(long, "-", abandoned))).execute();
    });
    this.#staged.clear();
    await this.abort();
  }

  async abort(): Promise<void> {
    const ids = [...this.#staged.values(), ...this.#replaced];
    this.#staged.clear();
    this.#replaced.length = 0;
    if (ids.length === 0) return;
    await this.#database.write({ what: this.#what("a batch"), durable: false }, async (work) => {
      await work.deleteFrom("ptutils_files").where("id", "in", ids).where("staged", "is not", null).execute();
    }).catch(() => {}); // others sweep it later
  }

  #what(path: string): string {
    return `write "${this.#database.engine.place}/${path}"`;
  }
}

import type { Mirror } from "./mirror.ts";
import { archives } from "./own_collections.ts";
import { Queue } from "../queue.ts";
import type { RunSummary } from "../run/run_record.ts";

/** A run that was archived here: under which name it was known, and which one it is. */
interface Note {
  _id: string;
  id: string;
  created: string;
}

/** Brings the archiving of runs to the remote store, so that names are free there as they are here. */
export class MirroredArchives {
  readonly #mirror: Mirror;
  readonly #shipRun: (id: string) => Promise<void>;
  readonly #shipping = new Queue();
  #notes: Note[] | undefined;

  /** @param shipRun brings a closed run to the remote store */
  constructor(mirror: Mirror, shipRun: (id: string) => Promise<void>) {
    this.#mirror = mirror;
    this.#shipRun = shipRun;
  }

  /** Notes that a run is about to be archived. */
  async add(id: string, created: string): Promise<void> {
    const document = { id, created };
    const [note] = await this.#mirror.local.access({ write: { collection: archives, document } });
    (await this.#all()).push(note as Note);
  }

  /** Whether a run of the remote store is one that was archived here, and only not there yet. */
  async has({ id, created }: Pick<RunSummary, "id" | "created">): Promise<boolean> {
    return (await this.#all()).some((note) => note.id === id && note.created === created);
  }

  /** Whether a run is one that was archived here, and only not there yet: it waits for that. */
  async isWaiting({ created }: Pick<RunSummary, "created">): Promise<boolean> {
    return (await this.#all()).some((note) => note.created === created);
  }

  /** Archives there what was archived here. @throws what keeps the remote store from it */
  ship(): Promise<void> {
    return this.#shipping.run(async () => {
      for (const note of [...await this.#all()]) {
        await this.#shipOne(note);
        await this.#mirror.local.access({ delete: { collection: archives, where: { _id: note._id } } });
        this.#notes = (await this.#all()).filter((other) => other !== note);
      }
    });
  }

  async #shipOne({ id, created }: Note): Promise<void> {
    const { line, local } = this.#mirror;
    const here = await local.runs.list();
    const name = here.find((run) => run.created === created && run.id.startsWith(`${id}~`))?.id;
    if (name === undefined) return; // it was not archived after all
    const there = await line.run((remote) => remote.runs.find(id));
    if (there?.created !== created) return;
    // Names are numbered as they come: those before it must be there first.
    const earlier = here.filter((run) => run.id.startsWith(`${id}~`) && numberOf(run.id) < numberOf(name));
    for (const run of earlier.sort((a, b) => numberOf(a.id) - numberOf(b.id))) await this.#shipRun(run.id);
    const known = new Set((await line.run((remote) => remote.runs.list())).map((run) => run.id));
    const lacking = earlier.find((run) => !known.has(run.id));
    if (lacking !== undefined) throw new Error(`run "${lacking.id}" is not there yet, before "${name}"`);
    await line.run((remote) => remote.runs.archive(id));
  }

  async #all(): Promise<Note[]> {
    return this.#notes ??= await this.#mirror.local.access({ read: { collection: archives } }) as Note[];
  }
}

const numberOf = (id: string): number => Number(id.slice(id.lastIndexOf("~") + 1));

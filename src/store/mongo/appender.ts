import type { Appender } from "../folder.ts";
import { type Entry, type MongoContent, newPart, type Part } from "./content.ts";
import type { MongoEntries } from "./entries.ts";
import type { MongoGarbage } from "./garbage.ts";

/** What an appender works with. */
export interface AppendTools {
  content: MongoContent;
  entries: MongoEntries;
  garbage: MongoGarbage;
}

/**
 * A growing file in the database: the parts that were there, and one that only this appender writes. What an earlier
 * writer sends late lands in a part whose end is settled, and doesn't count.
 */
export class MongoAppender implements Appender {
  readonly #tools: AppendTools;
  readonly #path: string;
  #before: Part[];
  #own: Part;
  /** Bytes in the own part. */
  #length = 0;
  /** A write failed: nobody knows how much of it is there. */
  #broken = false;

  static async open(tools: AppendTools, path: string): Promise<MongoAppender> {
    const known = await tools.entries.get(path);
    const entry = known === undefined ? { modified: new Date(), parts: [] } : await tools.entries.seal(known);
    const appender = new MongoAppender(tools, path, entry.parts);
    await appender.#put(entry.modified);
    return appender;
  }

  private constructor(tools: AppendTools, path: string, before: Part[]) {
    this.#tools = tools;
    this.#path = path;
    this.#before = before;
    this.#own = newPart();
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#broken) await this.#startAnew([...this.#before, { ...this.#own, length: this.#length }]);
    this.#broken = true;
    await this.#tools.content.add(this.#own, bytes, this.#length);
    this.#broken = false;
    this.#length += bytes.length;
  }

  async truncate(length: number): Promise<void> {
    const kept: Part[] = [], gone: Part[] = [];
    let at = 0;
    for (const part of [...this.#before, { ...this.#own, length: this.#length }]) {
      const left = Math.min(part.length!, length - at);
      if (left > 0) kept.push({ ...part, length: left });
      else gone.push(part);
      at += part.length!;
    }
    await this.#tools.garbage.doubt(gone);
    await this.#startAnew(kept);
    await this.#tools.garbage.discard(gone);
  }

  /** What was written is durable already; what is left is to know that it counts. */
  async sync(): Promise<void> {
    await this.#tools.entries.confirm(this.#path);
  }

  close(): void {}

  async #startAnew(before: Part[]): Promise<void> {
    this.#broken = true; // until it is known which part counts
    const [own, length] = [newPart(), 0];
    const entry: Entry = { modified: new Date(), parts: [...before.filter((part) => part.length! > 0), own] };
    await this.#tools.entries.put(new Map([[this.#path, entry]]));
    [this.#before, this.#own, this.#length, this.#broken] = [before, own, length, false];
  }

  async #put(modified: Date): Promise<void> {
    await this.#tools.entries.put(new Map([[this.#path, { modified, parts: [...this.#before, this.#own] }]]));
  }
}

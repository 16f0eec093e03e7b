import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Closes what nobody uses any more. */
const closer = new FinalizationRegistry<number>((file) => closeSync(file));

/** A file for what is too large for memory: it has no name any more once it is open, so nothing of it stays behind. */
export class ScratchFile {
  readonly #file: number;
  readonly #name: string;
  #size = 0;

  /** @param name what is kept in it, for messages; @throws {Error} no temporary file can be made */
  constructor(name: string) {
    this.#name = name;
    const folder = Deno.makeTempDirSync({ prefix: "ptutils-" });
    this.#file = openSync(join(folder, "rows"), "wx+", 0o600);
    closer.register(this, this.#file, this);
    const remove = () => rmSync(folder, { recursive: true, force: true });
    try {
      remove();
    } catch { // Windows keeps what is open
      globalThis.addEventListener("unload", () => {
        this.close();
        remove();
      });
    }
  }

  /** How many bytes are in it. */
  get size(): number {
    return this.#size;
  }

  /** @throws {Error} there is no room */
  append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      try {
        at += writeSync(this.#file, bytes, at, bytes.length - at, this.#size + at);
      } catch (cause) {
        throw new Error(
          `Cannot keep ${this.#name} in a temporary file: ${
            (cause as Error).message
          }; free some room, or set TMPDIR to a folder with more`,
          { cause },
        );
      }
    }
    this.#size += bytes.length;
  }

  /** Fills bytes from an offset on. */
  read(bytes: Uint8Array, from: number): void {
    for (let at = 0; at < bytes.length;) {
      const read = readSync(this.#file, bytes, at, bytes.length - at, from + at);
      if (read === 0) throw new Error(`Cannot read ${this.#name} back from its temporary file: it was cut`);
      at += read;
    }
  }

  /** Lets go of it, which happens by itself when nobody uses it any more. */
  close(): void {
    if (!closer.unregister(this)) return;
    closeSync(this.#file);
  }
}

import type { Appender } from "../folder.ts";

const blockSize = 1 << 20;

/** Opens a file to add to its end. */
export async function appendFile(path: string): Promise<Appender> {
  const file = await Deno.open(path, { create: true, append: true });
  return {
    write: (bytes) => writeAll(file, bytes),
    truncate: (length) => file.truncate(length),
    sync: () => file.syncData(),
    close: () => file.close(),
  };
}

/** A file's bytes from one offset to another, block after block in the same buffer; nothing when there is no file. */
export async function* readBlocks(path: string, from = 0, to = Infinity): AsyncGenerator<Uint8Array> {
  const file = await Deno.open(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    await file.seek(from, Deno.SeekMode.Start);
    const buffer = new Uint8Array(Math.min(blockSize, to - from));
    for (let left = to - from; left > 0;) {
      const read = await file.read(buffer.subarray(0, Math.min(buffer.length, left)));
      if (read === null) break;
      yield buffer.subarray(0, read);
      left -= read;
    }
  } finally {
    file.close();
  }
}

/** Writes a new file and waits until it is on the disk. */
export async function writeParts(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await Deno.open(path, { createNew: true, write: true });
  try {
    for (const part of parts) await writeAll(file, part);
    await file.sync();
  } finally {
    file.close();
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

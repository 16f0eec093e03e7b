import { crc32 } from "node:zlib";
import type { ByteSource } from "../../module/byte_source.ts";
import { type Forward, forwardOf, inflated } from "../forward.ts";
import { readSource } from "../reading.ts";
import { damaged, findData } from "./unzip.ts";
import type { Entry } from "./directory.ts";

/**
 * An archive's file, unpacked from front to back in bounded memory. Unpacking stops at the declared size; with the last
 * byte the checksum is compared. The more files are unpacked side by side, the less of each is at once.
 */
export async function unpacking(source: ByteSource, entry: Entry, sideBySide = 1): Promise<Forward> {
  const [from, to] = await readSource(source, findData(entry, source.size));
  const bytes = entry.method === 0 ? forwardOf(source, from, to) : inflated(source, from, to, sideBySide);
  let left = entry.size, checksum = 0;
  return {
    take: async (length) => {
      const wanted = Math.min(length, left);
      const part = await guarded(entry, () => bytes.take(wanted));
      if (part.length < wanted) throw damaged(entry, `declares ${entry.size} bytes, ${left - part.length} are missing`);
      left -= part.length;
      checksum = crc32(part, checksum);
      if (left === 0 && checksum !== entry.crc) throw damaged(entry, "is damaged: its checksum differs");
      return part;
    },
  };
}

async function guarded<T>(entry: Entry, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw damaged(entry, `is damaged: ${cause.message}`);
  }
}

import { askLinux } from "./linux.ts";

/** Of fewer bytes, asking takes longer than it spares. */
const fewest = 4 * 2 ** 20;
/** The advice to back memory with large pages. */
const hugePages = 14, pageSize = 4096n;

/**
 * Zeroed bytes for something large to be read into. Linux is asked for large pages, as numpy asks: a usual one holds
 * 4 KiB, and to be given 25,000 of them takes several times as long as to fill them.
 */
export function freshBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  if (length < fewest) return bytes;
  askLinux(({ madvise }) => {
    const address = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
    const start = (address + pageSize - 1n) / pageSize * pageSize; // whole pages of ours, no neighbour's
    const end = (address + BigInt(length)) / pageSize * pageSize;
    madvise(Deno.UnsafePointer.create(start), end - start, hugePages);
  });
  return bytes;
}

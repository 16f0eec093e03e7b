import type { ColumnMetaData } from "hyparquet";
import type { ByteSource } from "../../module/byte_source.ts";
import { Budget } from "./budget.ts";
import { damaged } from "./damage.ts";
import { rangeOf } from "./file.ts";
import { checkedSize, headerAt, type Leaf, type Page, PageReader } from "./pages.ts";

/** Bytes that are read at once for a description, and perhaps the whole of a small page after it. */
const window = 2 ** 13;

/**
 * The pages of a chunk of a column, in order, one in memory at a time.
 *
 * @throws {SyntaxError} damaged ones
 */
export async function* streamPages(source: ByteSource, chunk: ColumnMetaData, leaf: Leaf): AsyncGenerator<Page> {
  const reader = new PageReader(chunk, leaf);
  let [at, end] = rangeOf(chunk);
  while (reader.left > 0) {
    const read = await readHeader(source, at, end), start = at + read.end;
    at = start + checkedSize(read.header, end - start);
    new Budget(at - start).spend(read.header.uncompressed_page_size);
    const have = read.bytes.subarray(read.end, read.end + at - start);
    const packed = have.length === at - start ? have : await source.read(start, at);
    const page = reader.read(read.header, packed);
    if (page !== undefined) yield page;
  }
}

/** A description with what follows it; one that is longer than a window is read again, with all that there is. */
async function readHeader(source: ByteSource, at: number, end: number) {
  if (at >= end) throw damaged("fewer pages than were announced");
  const bytes = await source.read(at, Math.min(end, at + window));
  try {
    return { ...headerAt(bytes, 0), bytes };
  } catch (error) {
    if (at + window >= end) throw error;
    const all = await source.read(at, end);
    return { ...headerAt(all, 0), bytes: all };
  }
}

import type { ByteSource } from "../../module/byte_source.ts";
import { type Fields, verify } from "./flatbuffer.ts";

// Arrow's tables (format/Schema.fbs, Message.fbs, File.fbs), as far as apache-arrow reads them.
const pair: Fields = ["text", "text"];
/** Of a type: a union's numbers, a time's zone. */
const typeFields = (tag: number): Fields =>
  tag === 14 ? ["scalar", { vector: 4 }] : tag === 10 ? ["scalar", "text"] : ["scalar", "scalar", "scalar"];
const integer: Fields = ["scalar", "scalar"];
const encoding: Fields = ["scalar", { table: () => integer }, "scalar", "scalar"];
const field: Fields = [
  "text",
  "scalar",
  "scalar",
  { union: typeFields },
  { table: () => encoding },
  { tables: () => field },
  { tables: () => pair },
];
const schema: Fields = ["scalar", { tables: () => field }, { tables: () => pair }, { vector: 8 }];
const compression: Fields = ["scalar", "scalar"];
const batch: Fields = ["scalar", { vector: 16 }, { vector: 16 }, { table: () => compression }, { vector: 8 }];
const dictionary: Fields = ["scalar", { table: () => batch }, "scalar"];
const message: Fields = [
  "scalar",
  "scalar",
  { union: (tag) => tag === 2 ? dictionary : tag === 3 ? batch : schema },
  "scalar",
  { tables: () => pair },
];
const footer: Fields = [
  "scalar",
  { table: () => schema },
  { vector: 24 },
  { vector: 24 },
  { tables: () => pair },
];

const dictionaryTag = 2, batchTag = 3;

/**
 * Checks an Arrow file's descriptions: the footer, and the head of each batch that it names.
 *
 * @throws {RangeError} they are damaged, in words
 */
export async function verifyFile(source: ByteSource): Promise<void> {
  const end = source.size - 10, tail = await source.read(end, source.size);
  const length = new DataView(tail.buffer).getInt32(0, true);
  if (!(length > 0 && length <= end - 8)) throw new RangeError(`a footer of ${length} bytes`);
  const { view, places } = verify(await source.read(end - length, end), footer);
  for (const [at, tag] of [[places[2]!, dictionaryTag], [places[3]!, batchTag]] as const) {
    if (at === 0) continue;
    const list = at + view.getUint32(at, true), count = view.getUint32(list, true);
    for (let i = 0; i < count; i++) await verifyBlock(source, view, list + 4 + 24 * i, tag);
  }
}

/** A batch's head: after four bytes of ones and its length, or after the length alone. */
async function verifyBlock(source: ByteSource, footer: DataView, at: number, tag: number): Promise<void> {
  const [from, body] = [at, at + 16].map((place) => Number(footer.getBigInt64(place, true))) as [number, number];
  const head = footer.getInt32(at + 8, true);
  if (!(from >= 8 && head >= 8 && body >= 0 && from + head + body <= source.size)) {
    throw new RangeError(`a batch of ${head} and ${body} bytes at ${from}`);
  }
  const bytes = await source.read(from, from + head), view = new DataView(bytes.buffer);
  const start = view.getInt32(0, true) === -1 ? 8 : 4, length = view.getInt32(start - 4, true);
  if (!(length > 0 && start + length <= head)) throw new RangeError(`a batch's head of ${length} bytes in ${head}`);
  const found = verifyMessage(bytes.subarray(start, start + length));
  if (found.tag !== tag) throw new RangeError("something else in a batch's place");
  const { bodyLength } = found;
  if (!(bodyLength >= 0 && bodyLength <= source.size)) throw new RangeError(`a batch of ${bodyLength} bytes`);
}

/** Checks a message's head. Gives what kind of message it is (1 a schema), and how long it says what follows it is. */
export function verifyMessage(bytes: Uint8Array): { readonly tag: number; readonly bodyLength: number } {
  const { view, places } = verify(bytes, message);
  return {
    tag: places[1] === 0 ? 0 : view.getUint8(places[1]!),
    bodyLength: places[3] === 0 ? 0 : Number(view.getBigInt64(places[3]!, true)),
  };
}

import type { ByteSource } from "../../module/byte_source.ts";
import { verifyMessage } from "./verify.ts";

/** What each message of a stream begins with; before format version 0.15, nothing. */
const continuation = 0xffffffff;
const schemaTag = 1, lastTag = 3;

/** Whether bytes begin as a stream: with the length of a message, and where in it its table stands. */
export function isStream(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 12 || view.getUint32(0, true) !== continuation) return false;
  const length = view.getUint32(4, true);
  return length > 0 && length < 2 ** 24 && length % 8 === 0 && view.getUint32(8, true) < length;
}

/**
 * Checks the descriptions in an Arrow stream (`pyarrow.ipc.new_stream`, what Hugging Face's datasets keep): the schema, and
 * after it the batches until the end of the file, or a message of no length.
 *
 * @see https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format
 * @throws {RangeError} they are damaged, in words
 */
export async function verifyStream(source: ByteSource): Promise<void> {
  for (let at = 0, isFirst = true; at < source.size; isFirst = false) {
    const head = new DataView((await source.read(at, at + 8)).buffer);
    const isMessage = head.byteLength === 8 && head.getUint32(0, true) === continuation;
    if (!isMessage) throw new RangeError(`no message at ${at}`);
    const length = head.getUint32(4, true);
    if (length === 0) return;
    const from = at + 8, to = from + length;
    if (to > source.size) throw new RangeError(`a message's head of ${length} bytes at ${at}`);
    const { tag, bodyLength } = verifyMessage(await source.read(from, to));
    if (isFirst !== (tag === schemaTag) || tag > lastTag) throw new RangeError(`a message of kind ${tag} at ${at}`);
    at = to + bodyLength;
    if (!(bodyLength >= 0 && at <= source.size)) throw new RangeError(`a batch of ${bodyLength} bytes at ${to}`);
  }
}

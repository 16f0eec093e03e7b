import { crc32 } from "node:zlib";
import { ByteWriter } from "../byte_writer.ts";

/** Version 2.0, the names in UTF-8, stored, on the first of January 1980, when the format's time begins. */
const facts = { version: 20, flags: 0x800, method: 0, time: 0, date: 0x21 };

/**
 * A zip archive of files that are stored as they are, in parts: each file may be in parts, and those are not copied. It
 * holds less than 65,535 files and 4 GiB.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3.7 to 4.3.16
 */
export function zipParts(files: readonly (readonly [name: string, parts: readonly Uint8Array[]])[]): Uint8Array[] {
  const parts: Uint8Array[] = [], directory = new ByteWriter();
  let at = 0;
  for (const [name, data] of files) {
    const text = new TextEncoder().encode(name), about = describe(text, data), local = new ByteWriter();
    local.uint32(0x04034b50);
    local.bytes(about);
    local.uint16(0); // no extra field
    local.bytes(text);
    directory.uint32(0x02014b50);
    directory.uint16(facts.version);
    directory.bytes(about);
    directory.bytes(new Uint8Array(12)); // no extra field, comment, attributes
    directory.uint32(at);
    directory.bytes(text);
    parts.push(local.finish(), ...data);
    at += local.length + data.reduce((sum, { length }) => sum + length, 0);
  }
  const listed = directory.finish(), end = new ByteWriter();
  end.uint32(0x06054b50);
  end.uint32(0); // one disk
  end.uint16(files.length);
  end.uint16(files.length);
  end.uint32(listed.length);
  end.uint32(at);
  end.uint16(0); // no comment
  return [...parts, listed, end.finish()];
}

/** What both headers of a file say, from its version to the length of its name. */
function describe(name: Uint8Array, data: readonly Uint8Array[]): Uint8Array {
  const size = data.reduce((sum, { length }) => sum + length, 0), writer = new ByteWriter();
  for (const fact of Object.values(facts)) writer.uint16(fact);
  writer.uint32(data.reduce((crc, part) => crc32(part, crc), 0));
  writer.uint32(size);
  writer.uint32(size);
  writer.uint16(name.length);
  return writer.finish();
}

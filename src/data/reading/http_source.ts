import type { ByteSource } from "../../module/byte_source.ts";
import { sourceOf } from "../../module/byte_source.ts";
import { type Answer, HttpError, request, type RequestOptions } from "./http_request.ts";

/** Bytes asked for at a time when fewer are wanted: headers and small arrays lie side by side. */
const piece = 2 ** 20;

/** What may be read. */
export interface SourceOptions {
  /** Most bytes that are taken into memory when the server gives only the whole. */
  readonly maxBytes: number;
  readonly patience?: number;
}

/**
 * A resource behind an http(s) address, read in parts where the server has ranges (RFC 9110, section 14), else taken
 * into memory. That it changes while it is read is an error.
 *
 * @throws {HttpError} it can't be had; @throws {RangeError} a whole of more than `maxBytes`
 */
export async function openUrl(url: URL, shown: string, { maxBytes, patience }: SourceOptions): Promise<ByteSource> {
  const options = { patience };
  const answer = await request(url, shown, { ...options, headers: { range: `bytes=0-${piece - 1}` } });
  const range = rangeOf(answer);
  if (answer.status === 416 && range?.size === 0) {
    await answer.cancel();
    return sourceOf(new Uint8Array(), shown);
  }
  if (answer.status !== 206 || range === undefined || range.from !== 0) {
    if (answer.status === 200) return sourceOf(await whole(answer, shown, maxBytes), shown);
    await answer.cancel();
    throw new HttpError(`Cannot read "${shown}": the server answered ${answer.status}, no bytes; check the address`);
  }
  const head = await exactly(answer, shown, range.to - range.from);
  return new RangedSource(url, shown, range.size, head, tagOf(answer), options);
}

/** Reads ranges; the latest small one is kept, for what lies beside it. */
class RangedSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #url: URL;
  readonly #tag: string | null;
  readonly #options: RequestOptions;
  #kept: { from: number; bytes: Uint8Array };

  constructor(url: URL, name: string, size: number, head: Uint8Array, tag: string | null, options: RequestOptions) {
    this.name = name;
    this.size = size;
    this.#url = url;
    this.#tag = tag;
    this.#options = options;
    this.#kept = { from: 0, bytes: head };
  }

  async read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    const end = Math.min(to, this.size), kept = this.#kept;
    if (from >= end) return new Uint8Array();
    if (from >= kept.from && end <= kept.from + kept.bytes.length) {
      return Uint8Array.from(kept.bytes.subarray(from - kept.from, end - kept.from));
    }
    const bytes = await this.#fetch(from, Math.min(this.size, Math.max(end, from + piece)));
    if (bytes.length > piece) return bytes;
    this.#kept = { from, bytes };
    return bytes.slice(0, end - from);
  }

  async close(): Promise<void> {}

  /** A range; one that breaks off is asked for again, twice. */
  async #fetch(from: number, to: number, again = 2): Promise<Uint8Array<ArrayBuffer>> {
    const headers = { range: `bytes=${from}-${to - 1}` };
    const answer = await request(this.#url, this.name, { ...this.#options, headers });
    const range = rangeOf(answer);
    const same = answer.status === 206 && range?.from === from && range.to === to && range.size === this.size;
    if (!same || tagOf(answer) !== this.#tag) {
      await answer.cancel();
      throw new HttpError(`Cannot read "${this.name}": it changed while it was read; read it again`);
    }
    try {
      return await exactly(answer, this.name, to - from);
    } catch (error) {
      if (again === 0 || !(error instanceof HttpError)) throw error;
      return await this.#fetch(from, to, again - 1);
    }
  }
}

/** `Content-Range: bytes 0-99/1234`, the end made exclusive. */
function rangeOf({ headers }: Answer): { from: number; to: number; size: number } | undefined {
  const [, first = "0", last = "-1", size] =
    /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(headers.get("content-range") ?? "") ?? [];
  return size === undefined ? undefined : { from: Number(first), to: Number(last) + 1, size: Number(size) };
}

/** What tells one version of a resource from another. */
const tagOf = ({ headers }: Answer): string | null => headers.get("etag") ?? headers.get("last-modified");

async function exactly(answer: Answer, shown: string, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for await (const part of answer.pieces()) {
    if (at + part.length > length) throw wrongLength(shown, at + part.length, length);
    bytes.set(part, at);
    at += part.length;
  }
  if (at < length) throw wrongLength(shown, at, length);
  return bytes;
}

const wrongLength = (shown: string, found: number, expected: number): HttpError =>
  new HttpError(`Cannot read "${shown}": found ${found} bytes where ${expected} were announced; read it again`);

/** All of an answer, up to a bound: what it announces counts, and what comes. */
async function whole(answer: Answer, shown: string, maxBytes: number): Promise<Uint8Array> {
  const announced = Number(answer.headers.get("content-length") ?? 0), parts: Uint8Array[] = [];
  let length = announced > maxBytes ? announced : 0;
  if (length === 0) {
    for await (const part of answer.pieces()) {
      parts.push(part);
      if ((length += part.length) > maxBytes) break;
    }
  }
  if (length > maxBytes) {
    await answer.cancel();
    throw new RangeError(
      `Cannot read "${shown}": it has more than ${maxBytes} bytes, and its server gives no parts of it; raise maxBytes, or save it as a file`,
    );
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

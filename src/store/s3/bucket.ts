import { createHash } from "node:crypto";
import type { AwsClient } from "aws4fetch";
import type { ObjectInfo } from "../blobs/object_storage.ts";
import { readCredentials } from "./credentials.ts";

/** A bucket, and how it is spoken to. */
export interface BucketPlace {
  endpoint: string;
  region: string;
  bucket: string;
  credentialsFile?: string;
  profile: string;
  /** Milliseconds to wait for an answer, and for each megabyte. */
  timeout: number;
  perMegabyte: number;
}

/** S3 takes no more in one request. */
const largest = 5 * 2 ** 30;
const tries = 4;

/** Objects in a bucket of S3, or of a server that speaks as it does. */
export class Bucket {
  readonly location: string;
  readonly #place: BucketPlace;
  #client: Promise<AwsClient> | undefined;

  constructor(place: BucketPlace) {
    this.#place = place;
    this.location = `${place.endpoint}/${place.bucket}`;
  }

  /** Writes an object; the server compares it with its SHA-256, which is part of the signature. */
  async put(key: string, parts: readonly Uint8Array[]): Promise<void> {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    if (size > largest) {
      throw new RangeError(
        `Cannot write "${key}" to ${this.location}: it has ${size} bytes, and S3 takes 5 GB at once`,
      );
    }
    const body = new Uint8Array(size), hash = createHash("sha256");
    let at = 0;
    for (const part of parts) {
      body.set(part, at);
      hash.update(part);
      at += part.length;
    }
    const headers = { "x-amz-content-sha256": hash.digest("hex"), "content-type": "application/octet-stream" };
    await this.#ask("write", "PUT", key, drop, { body, headers }, size);
  }

  async get(key: string, limit = Infinity): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (limit < 1) return await this.info(key) && new Uint8Array();
    const headers: Record<string, string> = limit === Infinity ? {} : { range: `bytes=0-${limit - 1}` };
    const read = async (response: Response) => new Uint8Array(await response.arrayBuffer());
    return await this.#ask("read", "GET", key, read, { headers }, Math.min(limit, largest));
  }

  async info(key: string): Promise<ObjectInfo | undefined> {
    const headers = await this.#ask("look at", "HEAD", key, ({ headers }) => headers);
    if (headers === undefined) return undefined;
    return { size: Number(headers.get("content-length")), modified: Date.parse(headers.get("last-modified") ?? "") };
  }

  /** The keys that begin so. */
  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for (let token: string | undefined = ""; token !== undefined;) {
      const query: URLSearchParams = new URLSearchParams({
        "list-type": "2",
        prefix,
        ...(token === "" ? {} : { "continuation-token": token }),
      });
      const text: string | undefined = await this.#ask("list", "GET", `?${query}`, (response) => response.text());
      if (text === undefined) throw new Error(`Cannot list ${this.location}: there is no such bucket; see "bucket"`);
      keys.push(...valuesOf(text, "Key"));
      token = valuesOf(text, "IsTruncated")[0] === "true" ? valuesOf(text, "NextContinuationToken")[0] : undefined;
    }
    return keys;
  }

  async remove(key: string): Promise<void> {
    await this.#ask("remove", "DELETE", key, drop);
  }

  /**
   * Undefined when there is no such object. Tried again where that may help; all of these may be done twice.
   *
   * @param read takes what is wanted from an answer, which may end in the middle
   */
  async #ask<T>(
    verb: string,
    method: string,
    key: string,
    read: (response: Response) => T | Promise<T>,
    init: RequestInit = {},
    size = 0,
  ): Promise<T | undefined> {
    const url = `${this.location}/${key.startsWith("?") ? key : key.split("/").map(encodeURIComponent).join("/")}`;
    const client = await (this.#client ??= this.#connect());
    const milliseconds = this.#place.timeout + size / 2 ** 20 * this.#place.perMegabyte;
    for (let left = tries - 1;; left--) {
      const signal = AbortSignal.timeout(milliseconds);
      const answered = async (response: Response) => response.ok ? { read: await read(response) } : response;
      const result = await client.fetch(url, { ...init, method, signal }).then(answered).catch((error: Error) => error);
      if ("read" in result) return result.read;
      if (result instanceof Response && result.status === 404) {
        await this.#missing(verb, key, method, result);
        return undefined;
      }
      const again = result instanceof Error || result.status >= 500 || result.status === 429;
      if (!again || left === 0) throw await this.#refusal(verb, key, result);
      if (result instanceof Response) await result.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** (tries - left) * Math.random()));
    }
  }

  /** @throws {Error} it is the bucket that is missing */
  async #missing(verb: string, key: string, method: string, response: Response): Promise<void> {
    const text = await response.text();
    if (method === "PUT" || text.includes("NoSuchBucket")) {
      throw this.#error(verb, key, "there is no such bucket", `see "bucket"`);
    }
  }

  async #refusal(verb: string, key: string, result: Response | Error): Promise<Error> {
    if (result instanceof Error) {
      const found = `it can't be reached (${result.message})`;
      return this.#error(verb, key, found, `see "endpoint" and try again`);
    }
    const text = await result.text();
    const said = [valuesOf(text, "Code")[0], valuesOf(text, "Message")[0]].filter(Boolean).join(": ");
    const mend = result.status === 403
      ? "see the credentials and what they allow"
      : "see what the server says about it";
    return this.#error(verb, key, `it answers ${result.status} (${said})`, mend);
  }

  #error(verb: string, key: string, found: string, mend: string): Error {
    const what = key.startsWith("?") ? "" : `"${key}" in `;
    return new Error(`Cannot ${verb} ${what}${this.location}: ${found}; ${mend}`);
  }

  async #connect(): Promise<AwsClient> {
    const { credentialsFile, profile, region } = this.#place;
    const connecting = this.#client;
    try {
      const [{ AwsClient }, credentials] = await Promise.all([
        import("aws4fetch"),
        readCredentials(credentialsFile, profile),
      ]);
      return new AwsClient({ ...credentials, region, service: "s3", retries: 0 });
    } catch (error) {
      if (this.#client === connecting) this.#client = undefined; // the next request looks again
      throw error;
    }
  }
}

const drop = async ({ body }: Response): Promise<void> => await body?.cancel();

/** The texts of an XML document's elements of one name. */
function valuesOf(xml: string, name: string): string[] {
  const entities: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&" };
  const found = xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"));
  return [...found].map(([, text]) => text!.replace(/&\w+;/g, (entity) => entities[entity] ?? entity));
}

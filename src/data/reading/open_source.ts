import { stat } from "node:fs/promises";
import { type ByteSource, openFile } from "../../module/byte_source.ts";
import { openUrl } from "./http_source.ts";
import { headLength } from "../../module/codec.ts";
import { type Location, nameOfLocation } from "./location.ts";
import { isGzip, unpacked } from "./unpacked_source.ts";

/** A file, or a resource behind an address. */
export type Single = Exclude<Location, { kind: "glob" }>;

/**
 * Opens what lies at a location, to be read in parts.
 *
 * @param maxBytes most bytes of a resource that are taken into memory where its server gives no parts
 * @throws {Error} it can't be opened, saying why and what to look at
 */
export async function openSource(location: Single, maxBytes: number): Promise<ByteSource> {
  if (location.kind === "http") return await openUrl(location.url, location.shown, { maxBytes });
  try {
    if ((await stat(location.path)).isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    return await openFile(location.path);
  } catch (cause) {
    if (!(cause instanceof Error) || !("code" in cause)) throw cause;
    throw new Error(
      `Cannot read "${location.path}": ${why(cause)}; check the path, relative ones are taken from the working folder`,
      { cause },
    );
  }
}

/** What lies at a location, unpacked. */
export interface Data {
  readonly source: ByteSource;
  /** A name that tells its format: of `a.csv.gz`, `a.csv`. */
  readonly format: string | URL;
}

/**
 * Opens what lies at a location, and unpacks it where its name ends in `.gz`.
 *
 * @param maxUnpacked most bytes that it may unpack to
 * @throws {SyntaxError} a damaged gzip file; else as {@linkcode openSource}
 */
export async function openData(location: Single, maxBytes: number, maxUnpacked: number): Promise<Data> {
  const source = await openSource(location, maxBytes), format = formatNameOf(location);
  const inner = String(format).replace(/\.gz$/i, "");
  if (inner === String(format)) return { source, format };
  const isPacked = isGzip(await source.read(0, headLength)); // a server may have unpacked it
  const unpackedFormat = format instanceof URL ? new URL(inner) : inner;
  return { source: isPacked ? await unpacked(source, maxUnpacked) : source, format: unpackedFormat };
}

const formatNameOf = (location: Single): string | URL =>
  location.kind === "http" ? new URL(location.url.pathname, "http://-") : nameOfLocation(location);

function why(cause: Error): string {
  const { code } = (cause.cause ?? cause) as { code?: string };
  if (code === "ENOENT") return "there is no such file";
  return code === "EISDIR" ? "it is a folder, name its files as folder/*.npz" : cause.message;
}

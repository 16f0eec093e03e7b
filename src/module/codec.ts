import type { Value } from "./value.ts";

/** A file format: two functions, and what it can hold. */
export interface Codec {
  /** `values`: any Value. `arrays`: a record of name to NDArray, and nothing else. `array`: one NDArray. */
  readonly holds: "values" | "arrays" | "array";
  /** @throws {SyntaxError} bytes that are not this format, or are damaged */
  parse(bytes: Uint8Array): Value;
  /** @throws {TypeError} a value that this format can't hold, named by its path */
  stringify(value: Value): Uint8Array;
}

/** Extension, without the dot, to a thunk that brings the codec: a format's package is loaded when first used. */
export const codecs = new Map<string, () => Promise<Codec>>();

/** The codec for a path or URL, by its extension. @throws {TypeError} an unknown one, listing those known */
export async function codecFor(path: string | URL): Promise<Codec> {
  const name = (path instanceof URL ? path.pathname : path).split(/[\\/]/).at(-1)!;
  const extension = name.includes(".") ? name.split(".").at(-1)!.toLowerCase() : "";
  const load = codecs.get(extension);
  if (load === undefined) {
    throw new TypeError(
      `Cannot find a codec for "${name}": unknown extension ".${extension}"; known are ${
        [...codecs.keys()].map((key) => `.${key}`).join(", ")
      }`,
    );
  }
  return await load();
}

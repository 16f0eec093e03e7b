import "../codec/codecs.ts";
import { readValue } from "../module/file.ts";
import { Module } from "../module/module.ts";
import { register } from "../module/registry.ts";

/**
 * Reads files of data by the codec of their extension: .npz and .safetensors give NDArrays by name, .npy one NDArray,
 * .json and .yaml a value.
 *
 * @example
 * ```ts
 * import { DataReader } from "ptutils";
 * const path = `${await Deno.makeTempDir()}/rates.json`;
 * await Deno.writeTextFile(path, "[0.1, 0.01]");
 * const rates = await new DataReader().read(path);
 * if (rates[1] !== 0.01) throw new Error("unexpected");
 * ```
 */
export class DataReader extends Module {
  /**
   * What a file holds. A path may be relative, or a `file:` URL as text.
   *
   * @throws {TypeError} an unknown extension; @throws {SyntaxError} a damaged file; @throws {Error} one that can't be opened
   */
  // deno-lint-ignore no-explicit-any
  async read(path: string | URL): Promise<any> {
    try {
      return await readValue(typeof path === "string" && path.startsWith("file:") ? new URL(path) : path);
    } catch (cause) {
      if (!(cause instanceof Error) || !("code" in cause)) throw cause;
      throw new Error(
        `Cannot read "${path}": ${cause.message}; check the path, relative ones are taken from the working folder`,
        { cause },
      );
    }
  }

  // deno-lint-ignore no-explicit-any
  override invoke(path: string | URL): Promise<any> {
    return this.read(path);
  }
}

register(DataReader);

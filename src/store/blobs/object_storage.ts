import type { z } from "zod";
import { Module } from "../../module/module.ts";

/** What is known of an object. */
export interface ObjectInfo {
  size: number;
  /** When it was written (ms). */
  modified: number;
}

/**
 * Where large arrays lie by the names that their content gives them, apart from the store that refers to them. Called,
 * it reads one.
 */
// deno-lint-ignore no-explicit-any
export abstract class ObjectStorage<S extends z.ZodObject = any> extends Module<S> {
  /** Where it is, for messages: nothing secret. */
  abstract get location(): string;

  /** Writes an object: it is there whole when that resolves, or not at all. */
  abstract put(name: string, parts: readonly Uint8Array[]): Promise<void>;

  /** The bytes of an object, at most `limit` of them; undefined when there is none. */
  abstract get(name: string, limit?: number): Promise<Uint8Array<ArrayBuffer> | undefined>;

  /** Undefined when there is none. */
  abstract info(name: string): Promise<ObjectInfo | undefined>;

  /** All names. */
  abstract list(): Promise<string[]>;

  /** Deletes an object; one that isn't there doesn't matter. */
  abstract remove(name: string): Promise<void>;

  override invoke(name: string): Promise<Uint8Array | undefined> {
    return this.get(name);
  }
}

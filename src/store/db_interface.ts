import type { z } from "zod";
import { Module } from "../module/module.ts";
import type { AccessRequest, Document } from "./documents/access_request.ts";
import type { Runs } from "./run/run_record.ts";

/** Where experiments and documents are kept. Called, it does what {@linkcode access} does. */
// deno-lint-ignore no-explicit-any
export abstract class DBInterface<S extends z.ZodObject = any> extends Module<S> {
  /** Writes, reads, queries or deletes documents, and gives back those that it was about. */
  abstract access(request: AccessRequest): Promise<Document[]>;

  /** The runs of experiments: their records, journals and checkpoints. */
  abstract get runs(): Runs;

  /** Where it keeps things, for people and to tell stores apart; undefined where nobody else can come to. */
  get location(): string | undefined {
    return undefined;
  }

  /** Lets go of connections; what is written is written. It may be used again: that connects anew. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  override invoke(request: AccessRequest): Promise<Document[]> {
    return this.access(request);
  }
}

import { createHash } from "node:crypto";
import type { Dataset } from "../dataset.ts";

/**
 * The sha256 of a data set that is made of others: of its class's name, its options less the others, and their digests.
 * So it tells the same data again wherever they lie.
 */
export async function digestOver(dataset: Dataset, parts: readonly Dataset[]): Promise<string> {
  const { dataset: _, datasets: __, ...options } = dataset.configuration.toJSON();
  const digests: string[] = [];
  for (const part of parts) digests.push(await part.digest()); // each may take memory: one after another
  return createHash("sha256").update(JSON.stringify([dataset.constructor.name, options, digests])).digest("hex");
}

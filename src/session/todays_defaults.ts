import { toPlain } from "../module/configuration.ts";
import { checkOptions } from "../module/options.ts";
import type { AnyModuleClass } from "../module/registry.ts";
import { equalValues, isRecord, mapRecord } from "../module/value.ts";

/**
 * A recorded configuration with the defaults of options that there were not when it was written: a run of an older
 * version is the same experiment as one that leaves them as they are. One that can't be read today stays as it is.
 *
 * @param owner the class that it configures
 * @param present today's: what is given in code is taken from it, where it is the same
 */
export function withTodaysDefaults(owner: AnyModuleClass, recorded: unknown, present: unknown): unknown {
  const read = checkOptions(owner, takeSame(recorded, present));
  return read.problems === undefined ? toPlain(read.value) : recorded;
}

/** The first with the very parts of the second where they are equal. */
function takeSame(node: unknown, other: unknown): unknown {
  if (equalValues(node, other)) return other;
  if (isRecord(node) && isRecord(other)) return mapRecord(node, (item, key) => takeSame(item, other[key]));
  if (Array.isArray(node) && Array.isArray(other)) return node.map((item, i) => takeSame(item, other[i]));
  return node;
}

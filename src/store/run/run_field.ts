import { valueAt } from "../documents/filter.ts";
import { wholePath } from "../option_paths.ts";
import type { RunDocument } from "./run_document.ts";
import { runOptions } from "./run_options.ts";

/** What a path of a query means for one run; undefined where the run has no such thing. */
export function runField(document: RunDocument, path: string): unknown {
  const value = valueAt(document, path);
  if (value !== undefined || document.configuration === undefined) return value;
  const options = runOptions(document.configuration);
  try {
    return options.get(wholePath(path.replace(/^configuration\./, ""), new Set(options.keys())));
  } catch {
    return undefined;
  }
}

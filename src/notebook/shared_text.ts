import { redactor } from "../session/redact_text.ts";

/** So many texts are kept: a view says the same a few times a second. */
const most = 100;
const known = new Map<string, string>();

/** Text of a run (a reason, a warning) as a notebook may show it: without secrets and folders of somebody's machine. */
export function sharedText(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const shared = redactor()(text);
  if (known.size >= most) known.clear();
  known.set(text, shared);
  return shared;
}

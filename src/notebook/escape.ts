import type { Json } from "../module/value.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it must stand in html, between tags or within a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);

/** A value as JSON that may stand in a script of a page: neither ends the script nor breaks a line of it. */
export const escapeJson = (value: Json | undefined): string =>
  (JSON.stringify(value) ?? "null")
    .replace(/[<>&\u2028\u2029]/g, (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"));

/** A script's source as it must stand between `<script>` and `</script>`. */
export const escapeScript = (source: string): string =>
  source.replace(/<(\/script|script|!--)/gi, (_, rest: string) => "\\x3C" + rest);

// deno-lint-ignore no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]+/g;

/** A name in one line, with what can't be printed left out and a long one cut in its middle. */
export function oneLine(text: string, longest = 80): string {
  const line = [...text.toWellFormed().replace(unprintable, " ")];
  if (line.length <= longest) return line.join("");
  const half = (longest - 1) >> 1;
  return line.slice(0, half).join("") + "…" + line.slice(-half).join("");
}

/** A name as Plotly shows it letter by letter: Plotly reads tags, few entities, TeX and templates out of every text. */
export const plotlyText = (text: string, longest?: number): string =>
  oneLine(text, longest).replace(/[&<>]/g, (character) => entities[character]!)
    .replaceAll("$", "&#36;").replaceAll("%{", "%&#123;");

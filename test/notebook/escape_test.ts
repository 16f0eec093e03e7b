import assert from "node:assert/strict";
import { escapeHtml, escapeJson, escapeScript, oneLine, plotlyText } from "../../src/notebook/escape.ts";
import { hostile } from "./runs.ts";

Deno.test("escaped text is text in html, in attributes too", () => {
  for (const name of hostile) assert.doesNotMatch(escapeHtml(name), /[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
});

Deno.test("escaped JSON is the same value, and ends no script", () => {
  for (const name of hostile) {
    const json = escapeJson({ [name]: [name] });
    assert.doesNotMatch(json, /[<>\u2028\u2029]/);
    assert.deepEqual(JSON.parse(json), { [name]: [name] });
  }
});

Deno.test("an escaped script does the same and doesn't end early", () => {
  const script = escapeScript(`return "</script><script><!--".length + "</SCRIPT>"`);
  assert.doesNotMatch(script, /<\/?script|<!--/i);
  assert.equal(new Function(script)(), "21</SCRIPT>");
});

Deno.test("Plotly reads no markup out of a name", () => {
  for (const name of hostile) assert.doesNotMatch(plotlyText(name), /[<>$\n\u2028]|%\{/);
});

Deno.test("a long name keeps its ends, a broken one becomes whole", () => {
  assert.equal(oneLine("a".repeat(50) + "z".repeat(50), 11), "aaaaa…zzzzz");
  assert.equal(oneLine("模".repeat(9) + "🧠".repeat(9), 5), "模模…🧠🧠");
  assert(oneLine("\ud800").isWellFormed());
});

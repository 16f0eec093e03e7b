import assert from "node:assert/strict";
import { distance, nearest, quoted, suggest } from "../../src/module/text.ts";

Deno.test("text: distance counts edits, case apart", () => {
  assert.equal(distance("kitten", "sitting"), 3);
  assert.equal(distance("rleu", "relu"), 1, "neighbours that changed places");
  assert.equal(distance("", "abc"), 3);
  assert.equal(distance("ABC", "abc"), 0);
});

Deno.test("text: nearest finds the likely word, the first of equals, or none", () => {
  assert.equal(nearest("loper", ["model", "looper", "callbacks"]), "looper");
  assert.equal(nearest("ab", ["ax", "ay"]), "ax");
  assert.equal(nearest("zzzzzz", ["looper"]), undefined);
  assert.equal(nearest("x", []), undefined);
  assert.equal(nearest("ConcatDataset", ["CacheDataset", "ConcatenateDataset"]), "ConcatenateDataset", "short for it");
});

Deno.test("text: suggest gives the nearest or the list", () => {
  assert.equal(suggest("loper", ["looper"]), 'did you mean "looper"?');
  assert.equal(suggest("qqqqqqqq", ["a", "b"]), 'known are "a", "b"');
  assert.equal(suggest("x", []), "none is known");
  assert.equal(
    quoted(Array.from({ length: 14 }, (_, i) => i).map(String)),
    '"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11" and 2 more',
  );
});

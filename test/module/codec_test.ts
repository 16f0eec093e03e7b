import assert from "node:assert/strict";
import { type Codec, codecFor, codecs } from "../../src/module/codec.ts";

const fake: Codec = { holds: "values", parse: () => 1, stringify: () => new Uint8Array() };

Deno.test("codecFor: by the extension of a path or URL, whatever its case; loaded when asked for", async () => {
  let loads = 0;
  codecs.set("fake", () => (loads++, Promise.resolve(fake)));
  try {
    for (const path of ["x.fake", "a.b/c.d.FAKE", "a\\x.fake", new URL("http://host/x.fake?v=1.json")]) {
      assert.equal(await codecFor(path), fake);
    }
    assert.equal(loads, 4);
    for (const path of ["x", "a.fake/x", "x.", "x.fakes"]) {
      await assert.rejects(codecFor(path), {
        name: "TypeError",
        message: /^Cannot find a codec for "x.*": unknown extension "\..*"; known are .*\.fake/,
      });
    }
    assert.equal(loads, 4);
  } finally {
    codecs.delete("fake");
  }
});

import assert from "node:assert/strict";
import { codecFor, codecs } from "../../src/codec/codecs.ts";
import { testCodec } from "./codec_contract.ts";

// A new codec is covered by being in the Map.
for (const [extension, load] of codecs) testCodec(extension, await load());

Deno.test("codecs: finds a codec by a path's extension", async () => {
  assert.equal(await codecFor("a/b.c/State.YML"), await codecs.get("yaml")!());
  assert.equal((await codecFor(new URL("file:///w.npz"))).holds, "arrays");
  await assert.rejects(() => codecFor("model.h5"), /unknown extension "\.h5"; known are \.json, /);
});

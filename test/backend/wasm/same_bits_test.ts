import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { Heap } from "../../../src/backend/wasm/heap.ts";
import { bits } from "./bits.ts";

await resolveBackend("wasm");

Deno.test("wasm: the same bits every time, and in another process", async () => {
  const first = bits();
  for (let i = 0; i < 5; i++) assert.equal(bits(), first);
  const script = new URL("./bits.ts", import.meta.url).pathname;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", "-q", script] }).output();
  assert.equal(new TextDecoder().decode(stdout).trim(), first);
});

Deno.test("wasm: a thousand steps need no more memory than a few", () => {
  const size = () => new Heap(tf().backend()).memory.buffer.byteLength;
  for (let i = 0; i < 20; i++) bits();
  const before = size();
  for (let i = 0; i < 1000; i++) bits();
  assert.equal(size(), before);
});

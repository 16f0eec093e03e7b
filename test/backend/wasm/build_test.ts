import assert from "node:assert/strict";
import { compileKernels, variants } from "../../../src/backend/wasm/build.ts";

const folder = new URL("../../../src/backend/wasm/", import.meta.url);

for (const [file, variant] of Object.entries(variants)) {
  const committed = await Deno.readFile(new URL(file, folder));

  Deno.test(`kernels: ${file} is what its sources compile to`, async () => {
    assert.deepEqual(await compileKernels(variant), committed, "run `deno task kernels`");
  });

  Deno.test(`kernels: ${file} writes nothing into the memory when it is made`, () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: variant.shared });
    new Uint8Array(memory.buffer).fill(7);
    new WebAssembly.Instance(new WebAssembly.Module(committed), { env: { memory } });
    assert.ok(new Uint8Array(memory.buffer).every((byte) => byte === 7));
  });
}

Deno.test("kernels: what the compiler finds wrong is told", async () => {
  await assert.rejects(compileKernels({ entry: "missing.ts" }), { name: "SyntaxError", message: /missing\.ts/ });
});

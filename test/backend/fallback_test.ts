import assert from "node:assert/strict";
import { cpu } from "../../src/backend/cpu.ts";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { wasm } from "../../src/backend/wasm.ts";

Deno.test("resolveBackend: a backend that fails is passed over, and the reason is kept", async () => {
  const [first, second] = [wasm.load, cpu.load];
  try {
    wasm.load = () => Promise.reject(new Error("no SIMD here"));
    cpu.load = () => Promise.reject(new Error("no heart"));
    await assert.rejects(resolveBackend(), /Cannot find a backend that works: wasm .*no SIMD here; cpu .*no heart/);
    cpu.load = second;
    await assert.rejects(resolveBackend("wasm"), /wasm was passed over: no SIMD here/);
    const { name, reasons } = await resolveBackend();
    assert.deepEqual([name, reasons], ["cpu", ["wasm was passed over: no SIMD here"]]);
  } finally {
    [wasm.load, cpu.load] = [first, second];
  }
  assert.equal((await resolveBackend("wasm")).name, "wasm", "a failure is tried again when it is asked for");
});

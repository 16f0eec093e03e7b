import assert from "node:assert/strict";
import { withKernel } from "../../src/jupyter/with_kernel.ts";

Deno.test("with kernel: executes code in a fresh one, and gives what it showed", async () => {
  const outputs = await withKernel(async (kernel) => {
    const { error } = await kernel.execute("const a: number = 1; throw new RangeError('no')");
    assert.deepEqual([error?.ename, error?.evalue], ["RangeError", "no"]);
    assert.equal((await kernel.execute("prompt('?')")).outputs.length, 0); // nobody is there to answer
    await kernel.execute("let b = 41;");
    assert.deepEqual(await kernel.ask("{ b, list: [1] }.b + 1"), 42);
    return (await kernel.execute("console.log(b); b + 1")).outputs;
  });
  assert.deepEqual(outputs.map((output) => output.output_type), ["stream", "execute_result"]);
});

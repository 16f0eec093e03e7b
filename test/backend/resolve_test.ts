import assert from "node:assert/strict";
import { activeBackend, readsInLine, resolveBackend } from "../../src/backend/resolve.ts";
import { loadTf, tf } from "../../src/backend/tf.ts";

Deno.test("tf: says what to do when it is not loaded", () => {
  assert.throws(() => tf(), /Cannot compute: tfjs is not loaded yet; await/);
  assert.equal(activeBackend(), undefined);
});

Deno.test("resolveBackend: auto takes wasm, and asking again costs nothing", async () => {
  const resolved = await resolveBackend("auto");
  assert.deepEqual({ ...resolved, version: "" }, { name: "wasm", reasons: [], version: "", threads: 1 });
  assert.match(resolved.version, /^\d+\.\d+/);
  assert.equal(await resolveBackend(), resolved);
  assert.equal(activeBackend(), resolved);
  assert.equal(readsInLine(), true);
  assert.equal(tf(), await loadTf());
});

Deno.test("resolveBackend: an unknown one is an error that names those known", async () => {
  await assert.rejects(resolveBackend("webgpu"), /^RangeError: Cannot use backend "webgpu".*"auto", "wasm", "cpu"/);
  assert.equal(activeBackend()!.name, "wasm");
});

Deno.test("resolveBackend: by name, and back", async () => {
  assert.equal((await resolveBackend("cpu")).name, "cpu");
  assert.deepEqual([tf().getBackend(), activeBackend()!.name], ["cpu", "cpu"]);
  const both = await Promise.all([resolveBackend("cpu"), resolveBackend("auto")]);
  assert.deepEqual(both.map(({ name }) => name), ["cpu", "wasm"]);
  assert.equal(tf().getBackend(), "wasm");
});

Deno.test("resolveBackend: prints nothing", async () => {
  const code = `import { resolveBackend } from ${JSON.stringify(import.meta.resolve("../../src/backend/resolve.ts"))};
    const { loadTf } = await import(${JSON.stringify(import.meta.resolve("../../src/backend/tf.ts"))});
    for (const name of ["cpu", "wasm"]) { await resolveBackend(name); (await loadTf()).tensor1d([1]).dataSync(); }`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, code);
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const args = ["run", "--allow-read", "--allow-env", "--no-prompt", "--config", config, file];
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), { args }).output();
  await Deno.remove(file);
  assert.ok(success, new TextDecoder().decode(stderr));
  assert.equal(new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr), "");
});

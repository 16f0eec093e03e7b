import assert from "node:assert/strict";
import { activeBackend, computeOn, readsInLine, resolveBackend } from "../../src/backend/resolve.ts";
import { loadTf, tf } from "../../src/backend/tf.ts";
import { candidatesFor } from "../../src/backend/wish.ts";

Deno.test("tf: says what to do when it is not loaded", () => {
  assert.throws(() => tf(), /Cannot compute: tfjs is not loaded yet; await/);
  assert.equal(activeBackend(), undefined);
});

Deno.test("resolveBackend: auto takes the first that works, says why not those before, and asking again costs nothing", async () => {
  const resolved = await resolveBackend("auto");
  const order = ["native", "webgpu", "wasm", "cpu"];
  assert.deepEqual(
    resolved.reasons.map((reason) => reason.split(" ")[0]),
    order.slice(0, order.indexOf(resolved.name)),
  );
  for (const reason of resolved.reasons) assert.match(reason, /^\w+ was passed over: .{10}/);
  assert.match(resolved.version, /^\d+\.\d+/);
  assert.ok(resolved.device.length > 0 && resolved.warnings.length === 0);
  assert.equal(await resolveBackend(), resolved);
  assert.equal(activeBackend(), resolved);
  assert.equal(tf(), await loadTf());
});

Deno.test("resolveBackend: wasm on one thread gives the same bits each time", async () => {
  const { reasons, version: _, ...resolved } = await resolveBackend("wasm");
  assert.deepEqual(resolved, { name: "wasm", device: "WebAssembly with SIMD", threads: 1, warnings: [] });
  assert.deepEqual(reasons, []);
  assert.equal(readsInLine(), true);
});

Deno.test("resolveBackend: what can't be asked for is an error that says what can", async () => {
  const known = '"auto", "native", "webgpu", "wasm", "cpu"';
  const rows: [unknown, string][] = [
    ["webgl", `"webgl" is not known here; known are ${known}`],
    [{ webgl: {} }, `"webgl" is not known here; known are ${known}`],
    [{}, "expected a backend's name, or one with its options"],
    [{ cpu: {}, wasm: {} }, "expected a backend's name, or one with its options"],
    [{ cpu: { speed: 3 } }, 'cpu has no option "speed"; none is known'],
    [{ native: { folders: "x" } }, 'native has no option "folders"; did you mean "folder"?'],
    [{ native: { folder: 3 } }, "native.folder: "],
  ];
  await resolveBackend("wasm");
  for (const [wish, message] of rows) {
    await assert.rejects(resolveBackend(wish as string), (error: Error) => {
      assert.ok(error instanceof RangeError);
      return error.message.startsWith(`Cannot use backend ${JSON.stringify(wish)}: ${message}`);
    }, JSON.stringify(wish));
  }
  assert.equal(activeBackend()!.name, "wasm");
  assert.deepEqual(candidatesFor({ cpu: {} }).backends.map(({ name }) => name), ["cpu"]);
});

Deno.test("resolveBackend: by name, and back", async () => {
  assert.equal((await resolveBackend("cpu")).name, "cpu");
  assert.deepEqual([tf().getBackend(), activeBackend()!.name], ["cpu", "cpu"]);
  const both = await Promise.all([resolveBackend("cpu"), resolveBackend("wasm")]);
  assert.deepEqual(both.map(({ name }) => name), ["cpu", "wasm"]);
  assert.equal(tf().getBackend(), "wasm");
});

Deno.test("resolveBackend: more threads than a backend has is said", async () => {
  const { threads, warnings } = await resolveBackend("cpu", { threads: 3 });
  assert.deepEqual([threads, warnings], [1, ["3 threads were asked for; cpu computes with 1 here"]]);
  assert.deepEqual((await resolveBackend("cpu")).warnings, []);
  assert.deepEqual((await resolveBackend("cpu", { threads: "auto" })).warnings, []);
});

Deno.test("computeOn: what was begun on one backend goes on there", async () => {
  const cpu = await resolveBackend("cpu");
  await resolveBackend("wasm");
  assert.equal(computeOn(cpu, () => tf().getBackend()), "cpu");
  assert.equal(activeBackend(), cpu);
  await tf().setBackend("wasm"); // by somebody else
  assert.equal(computeOn(cpu, () => tf().getBackend()), "cpu");
  assert.throws(() => computeOn(cpu, () => assert.fail("as it is")), /as it is/);
});

Deno.test("resolveBackend: prints nothing", async () => {
  const code = `import { resolveBackend } from ${JSON.stringify(import.meta.resolve("../../src/backend/resolve.ts"))};
    const { loadTf } = await import(${JSON.stringify(import.meta.resolve("../../src/backend/tf.ts"))});
    for (const name of ["cpu", "wasm", "auto"]) {
      await resolveBackend(name);
      await (await loadTf()).tensor1d([1]).data();
    }`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, code);
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const args = ["run", "--allow-read", "--allow-env", "--no-prompt", "--config", config, file];
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), { args }).output();
  await Deno.remove(file);
  assert.ok(success, new TextDecoder().decode(stderr));
  assert.equal(new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr), "");
});

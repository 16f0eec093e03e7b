import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";

const numbers = (length: number, seed: number) => Float32Array.from({ length }, (_, i) => Math.sin(seed + i * 1.7));

/** Products and convolutions large enough to be divided, with their gradients: all their numbers. */
function compute(): Float32Array[] {
  const results = tf().tidy(() => {
    const x = tf().tensor4d(numbers(17 * 20 * 20 * 8, 1), [17, 20, 20, 8]);
    const found = [];
    for (const [size, columns, stride] of [[3, 16, 1], [5, 12, 1], [3, 16, 2], [2, 7, 1]] as const) {
      const filter = tf().tensor4d(numbers(size * size * 8 * columns, 2), [size, size, 8, columns]);
      const convolve = (x: unknown, filter: unknown) =>
        tf().conv2d(x as typeof x & never, filter as never, stride, "same");
      const { value, grads } = tf().valueAndGrads((x, filter) => tf().sum(tf().square(convolve(x, filter))))([
        x,
        filter,
      ]);
      found.push(value, ...grads, convolve(x, filter));
    }
    for (const [rows, depth, columns] of [[203, 101, 77], [1, 2000, 900], [700, 9, 301]] as const) {
      const [a, b] = [
        tf().tensor2d(numbers(rows * depth, 3), [rows, depth]),
        tf().tensor2d(numbers(depth * columns, 4), [depth, columns]),
      ];
      const product = tf().matMul(a, b);
      found.push(product, tf().matMul(product, b, false, true), tf().matMul(a, product, true, false));
    }
    return found;
  });
  const values = results.map((tensor) => tensor.dataSync().slice() as Float32Array);
  tf().dispose(results);
  return values;
}

Deno.test("threads: the very same bits on any number of them, and back on one", async () => {
  await resolveBackend("wasm", { threads: 2 }); // first: later it is too late
  const one = await resolveBackend("wasm", { threads: 1 });
  const wanted = compute();
  assert.equal(one.threads, 1);
  for (const threads of [2, 3, 5, 1, 2]) {
    assert.equal((await resolveBackend("wasm", { threads })).threads, threads);
    const before = tf().memory();
    compute().forEach((values, i) => assert.deepEqual(values, wanted[i], `result ${i} on ${threads} threads`));
    assert.equal(tf().memory().numTensors, before.numTensors);
  }
  await resolveBackend("wasm", { threads: 1 });
});

/** What a program of its own prints, with `resolveBackend` and `tf` imported. */
async function printed(body: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, `import { resolveBackend, tf } from "ptutils";\n${body}`);
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const args = ["run", "--allow-read", "--allow-env", "--no-prompt", "--quiet", "--config", config, file];
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), { args }).output();
  await Deno.remove(file);
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("threads: a program that used some ends by itself", async () => {
  const out = await printed(`const { threads } = await resolveBackend("wasm", { threads: 2 });
    const x = tf().ones([300, 300]);
    console.log(threads, tf().matMul(x, x).dataSync()[7]);`);
  assert.equal(out, "2 300\n");
});

Deno.test("threads: asked for too late, one computes, and what helps is said", async () => {
  const out = await printed(`await resolveBackend("wasm");
    const { threads, warnings } = await resolveBackend("wasm", { threads: 2 });
    console.log(threads, warnings.join());`);
  assert.match(out, /^1 2 threads were asked for; wasm computes with 1 here; they must be asked for before .* restart/);
});

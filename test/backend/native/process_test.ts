/** TensorFlow in processes of their own: what they print, how they end, Workers, threads, installed packages. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { temporary } from "../../store/temporary.ts";
import { folder, nativeTest, root, wish } from "./setup.ts";
import { type Outcome, runDeno } from "./task.ts";

const resolve = JSON.stringify(`${root}src/backend/resolve.ts`), loader = JSON.stringify(`${root}src/backend/tf.ts`);
/** Trains something small with a seed and gives a digest of its numbers. */
const training = `
  import { resolveBackend } from ${resolve};
  import { loadTf } from ${loader};
  const tf = await loadTf();
  const train = async (wish, options) => {
    const resolved = await resolveBackend(wish, options);
    let w = tf.tensor(Float32Array.from({ length: 300 * 40 }, (_, i) => Math.sin(i)), [300, 40]);
    const x = tf.tensor(Float32Array.from({ length: 50 * 300 }, (_, i) => Math.cos(i * 0.7)), [50, 300]);
    const gradient = tf.grad((w) => tf.mean(tf.square(tf.tanh(tf.matMul(x, w)))));
    for (let step = 0; step < 20; step++) w = tf.tidy(() => tf.sub(w, tf.mul(gradient(w), 0.1)));
    const bytes = await crypto.subtle.digest("SHA-256", w.dataSync());
    return { ...resolved, digest: new Uint8Array(bytes).toHex() };
  };`;

/** Runs a program of this text, with the fewest permissions that it can have. */
async function run(code: string, cwd = temporary(), env: Record<string, string> = {}): Promise<Outcome> {
  const file = join(temporary(), "program.ts");
  await Deno.writeTextFile(file, training + code);
  const permissions = ["--no-prompt", "--allow-read", "--allow-ffi"];
  return await runDeno(["run", ...permissions, "--config", `${root}deno.json`, file], { cwd, env });
}

nativeTest("it prints nothing, ends by itself, and says what it is", async () => {
  const { code, out, err } = await run(`console.log(JSON.stringify(await train(${JSON.stringify(wish)})));`);
  assert.equal(err, "");
  assert.equal(code, 0);
  const { name, version, device, threads } = JSON.parse(out);
  assert.deepEqual([name, version, threads], ["native", "2.21.0", navigator.hardwareConcurrency]);
  assert.match(device, /^\d+ cores? of \w+$/);
});

nativeTest("threads are as many as were asked for; on one the bits are the same each time", async () => {
  const code = `console.log(JSON.stringify(await train(${JSON.stringify(wish)}, { threads: 1 })));`;
  const [one, two] = (await Promise.all([run(code), run(code)])).map(({ out }) => JSON.parse(out));
  assert.deepEqual([one.threads, one.varies, one.warnings], [1, undefined, []]);
  assert.equal(one.digest, two.digest);
});

nativeTest("it computes in Workers, at the same time as outside, and in others after they are gone", async () => {
  const worker = join(temporary(), "worker.ts");
  await Deno.writeTextFile(worker, `${training} postMessage(await train(${JSON.stringify(wish)}, { threads: 1 }));`);
  const { code, out, err } = await run(`
    const inWorker = () => new Promise((done, fail) => {
      const worker = new Worker(${JSON.stringify(`file://${worker}`)}, { type: "module" });
      worker.onerror = fail;
      worker.onmessage = ({ data }) => { worker.terminate(); done(data); };
    });
    const here = train(${JSON.stringify(wish)}, { threads: 1 });
    const all = [...await Promise.all([inWorker(), inWorker(), here]), await inWorker()];
    console.log(JSON.stringify(all.map(({ threads, digest }) => [threads, digest])));`);
  assert.equal(code, 0, err);
  const found = JSON.parse(out) as [number, string][];
  assert.deepEqual(found, Array.from({ length: 4 }, () => found[0]));
  assert.equal(found[0]![0], 1);
});

nativeTest("a package that is installed comes first; one that can't be loaded is passed over, and told", async () => {
  const place = temporary(), library = Deno.build.os === "darwin" ? "2.dylib" : "so.2";
  const install = async (name: string, binding: string) => {
    const lib = join(place, "node_modules", "@tensorflow", name, "lib", "napi-v8");
    await Deno.mkdir(join(lib, "tensorflow"), { recursive: true });
    await Deno.writeTextFile(join(lib, "..", "..", "package.json"), '{"version": "4.22.0"}');
    if (binding === "") return await Deno.writeTextFile(join(lib, "tfjs_binding.node"), "no binding");
    await Deno.copyFile(binding, join(lib, "tfjs_binding.node"));
    for (const part of ["cc", "framework"]) {
      const file = `tensorflow/libtensorflow_${part}.${library}`;
      await Deno.symlink(join(folder, file), join(lib, file));
    }
  };
  await install("tfjs-node-gpu", "");
  const code = `console.log(JSON.stringify(await train("auto").catch((error) => ({ reasons: [error.message] }))));`;
  const before = JSON.parse((await run(code, place)).out);
  assert.match(
    before.reasons[0],
    /the installed @tensorflow\/tfjs-node-gpu can't be loaded \(.+\); .*npx deno task native/,
  );
  await install("tfjs-node", join(folder, "tfjs_binding.node"));
  const after = JSON.parse((await run(code, place)).out);
  assert.deepEqual([after.name, after.version, after.reasons], ["native", "2.21.0", []]);
});

nativeTest("what it sets in the environment is gone when it has begun", async () => {
  const file = join(temporary(), "program.ts");
  await Deno.writeTextFile(
    file,
    `${training} await train(${JSON.stringify(wish)}, { threads: 1 });
     console.log(["TF_NUM_INTRAOP_THREADS", "TF_CPP_MIN_LOG_LEVEL"].map((name) => Deno.env.get(name)).join());`,
  );
  const { out } = await runDeno(["run", "-A", "--config", `${root}deno.json`, file], {
    env: { TF_CPP_MIN_LOG_LEVEL: "1" },
  });
  assert.equal(out, ",1\n");
});

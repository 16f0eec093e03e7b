import assert from "node:assert/strict";
import { runTask, startTask } from "./program.ts";

/** Reads a stream until a text comes, and gives what came; the rest stays unread. */
async function readUntil(stream: ReadableStream<Uint8Array>, wanted: RegExp): Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream() as never).getReader() as ReadableStreamDefaultReader<
    string
  >;
  let text = "";
  while (!wanted.test(text)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  void (async () => {
    while (!(await reader.read()).done);
  })();
  return text;
}

Deno.test("demo: trains, is restored, and Ctrl-C in the middle loses nothing", async () => {
  const [straight, folder] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  const whole = await runTask("demo", straight);
  assert.equal(whole.code, 0, whole.err);
  assert.match(whole.err, /^epoch 1\/100 {2}step 46 {2}train loss [\d.]+ {2}accuracy [\d.]+ {2}validation loss/m);
  assert.match(whole.out, /validation\/accuracy +0\.9[5-9]/);
  assert.match(whole.out, /saved in .*runs, run "digits"/);

  const again = await runTask("demo", straight);
  assert.match(again.out, /restored the finished run "digits"/);
  assert.equal(again.err, "", "nothing is trained twice");

  const child = startTask("demo", folder);
  await readUntil(child.stderr, /epoch 3\//);
  child.kill("SIGINT");
  const out = await new Response(child.stdout).text();
  assert.equal((await child.status).code, 130, out);
  assert.match(out, /interrupted/);
  assert.match(out, /run the same command again to go on/);

  const rest = await runTask("demo", folder);
  assert.match(rest.out, /restored "digits" at step \d+: going on/);
  const table = (text: string) => /series[\s\S]*?\n\n/.exec(text)?.[0];
  assert.equal(table(rest.out), table(whole.out), "the very same results");
});

Deno.test("demo: --cnn trains a convolutional net on the same digits", async () => {
  const { code, out, err } = await runTask("demo", await Deno.makeTempDir(), ["--cnn"]);
  assert.equal(code, 0, err);
  assert.match(out, /training "digits-cnn" on/);
  assert.match(out, /validation\/accuracy +0\.9[7-9]/);
});

Deno.test("demo: an argument that it does not know is an error", async () => {
  const { code, err } = await runTask("demo", await Deno.makeTempDir(), ["--fersh"]);
  assert.equal(code, 2);
  assert.match(err, /--fersh.*--cnn and --fresh/);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Codec, codecs } from "../../src/codec/codecs.ts";
import { runPython } from "../python.ts";
import { removeAtEnd } from "../remove_at_end.ts";
import { peakMemory, permissions } from "./hostile/confined.ts";
import { ownSamples } from "./fuzz/samples.ts";

/** Give another one to look elsewhere: `PTUTILS_FUZZ_SEED=8 PTUTILS_FUZZ_COUNT=100000 deno task test test/codec/fuzz_test.ts`. */
const seed = Deno.env.get("PTUTILS_FUZZ_SEED") ?? "7", count = Number(Deno.env.get("PTUTILS_FUZZ_COUNT") ?? 2000);
/** Of a format that is read by another thread, which ends with a file that is damaged, fewer. */
const countOf = (extension: string) => extension === "h5" ? Math.ceil(count / 10) : count;
/** The most memory that a process may ever have had: itself, the format's library, and a file of at most 64 KiB. */
const mostMemory = 512 * 2 ** 20;
/** What Deno's own Brotli prints when it meets damaged data. */
const brotliNoise = "leaking memory block of length";
/** Milliseconds without a sign of life, on a busy machine. */
const patience = 300_000;

const child = fileURLToPath(new URL("./fuzz/child.ts", import.meta.url));

/** The codecs, each under its first extension. */
const formats = new Map<Codec, string>();
for (const [extension, load] of codecs) {
  const codec = await load();
  if (!formats.has(codec)) formats.set(codec, extension);
}

let corpus: Promise<string> | undefined;

/** Python's files and ours, a folder a format; made once, gone with the process. */
const samples = (): Promise<string> =>
  corpus ??= (async () => {
    const folder = Deno.makeTempDirSync({ prefix: "fuzz-" });
    globalThis.addEventListener("unload", () => removeAtEnd(folder));
    await runPython(Deno.readTextFileSync(new URL("./fuzz/samples.py", import.meta.url)), folder);
    for (const [codec, extension] of formats) {
      Deno.mkdirSync(join(folder, extension), { recursive: true });
      for (const [i, bytes] of (await ownSamples(codec)).entries()) {
        Deno.writeFileSync(join(folder, extension, `own-${i}`), bytes);
      }
    }
    return folder;
  })();

for (const [, extension] of formats) {
  Deno.test(`fuzz: .${extension} survives ${countOf(extension)} damaged files, seed ${seed}`, async () => {
    const { lines, peak, code } = await fuzz(extension, Deno.realPathSync(join(await samples(), extension)));
    const failures = lines.filter((line) => !/^(at|done) /.test(line) && !line.startsWith(brotliNoise));
    assert.equal(failures.join("\n"), "");
    assert.equal(code, 0, `the process ended with ${code}, last heard: ${lines.at(-1)}`);
    const { read, refused } = JSON.parse(lines.at(-1)!.slice("done ".length));
    assert.equal(read + refused, countOf(extension));
    assert.ok(peak < mostMemory, `it took ${(peak / 2 ** 20).toFixed(0)} MiB`);
    console.log(`  ${extension}: ${read} read, ${refused} refused, ${(peak / 2 ** 20).toFixed(0)} MiB at most`);
  });
}

/** Runs the loop where reading is the only permission: a codec that wants to write, call or run is refused and found. */
async function fuzz(extension: string, folder: string): Promise<{ lines: string[]; peak: number; code: number }> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [...permissions(folder), "--v8-flags=--expose-gc", child, extension, folder, seed, `${countOf(extension)}`],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(process.stderr).text(), lines: string[] = [];
  let peak = 0, timer = setTimeout(() => process.kill("SIGKILL"), patience), rest = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    clearTimeout(timer);
    timer = setTimeout(() => process.kill("SIGKILL"), patience);
    peak = Math.max(peak, peakMemory(process.pid));
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    lines.push(...parts);
  }
  clearTimeout(timer);
  const { code } = await process.status;
  if (code !== 0) lines.push((await errors).trim().slice(-3000));
  return { lines: lines.filter((line) => line !== ""), peak, code };
}

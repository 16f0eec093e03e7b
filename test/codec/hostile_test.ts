import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { codecs } from "../../src/codec/codecs.ts";
import { arrayFiles } from "./hostile/array_files.ts";
import { peakMemory, permissions } from "./hostile/confined.ts";
import type { HostileFile } from "./hostile/hostile_file.ts";
import { imageFiles } from "./hostile/image_files.ts";
import { lmdbFiles } from "./hostile/lmdb_files.ts";
import { packedFiles } from "./hostile/packed_files.ts";
import { pickleFiles } from "./hostile/pickle_files.ts";
import { pythonFiles } from "./hostile/python_files.ts";
import { recordFiles } from "./hostile/record_files.ts";
import { textFiles } from "./hostile/text_files.ts";

/** Bytes that a process may ever have had: two times a file's bytes and what Deno and a library take are far below. */
const mostMemory = 640 * 2 ** 20;
/** Milliseconds of work for one reading; of time without a sign of life, on a busy machine. */
const longest = 30_000, patience = 300_000;

const child = fileURLToPath(new URL("./hostile/child.ts", import.meta.url));
const files: readonly HostileFile[] = [
  ...textFiles,
  ...arrayFiles,
  ...packedFiles,
  ...pickleFiles,
  ...recordFiles,
  ...imageFiles,
  ...lmdbFiles,
  ...pythonFiles,
];

interface Told {
  readonly path: string;
  readonly way: string;
  readonly ms: number;
  readonly outcome: string;
  readonly message?: string;
  readonly stack?: string;
  /** The most memory that the process had when this was told. */
  readonly peak: number;
}

for (const format of new Set(files.map(({ format }) => format))) {
  Deno.test({
    name: `hostile files: .${format}`,
    ignore: !codecs.has(format),
    fn: async (test) => {
      const folder = Deno.makeTempDirSync({ prefix: "hostile-" });
      const mine = files.filter((file) => file.format === format);
      const paths = mine.map((_, i) => join(folder, `${i}.${format}`));
      try {
        for (const [i, path] of paths.entries()) Deno.writeFileSync(path, await mine[i]!.bytes());
        const { told, last } = await readAll(folder, paths);
        for (const [i, { what, says, mayRead, partsMayBeRead }] of mine.entries()) {
          await test.step(what, () => {
            const before = told.findLast(({ path }) => paths.indexOf(path) < i)?.peak ?? 0;
            const about = told.filter(({ path }) => path === paths[i]);
            assert.ok(about.some(({ way }) => way === "parse"), `the process ended: ${last}`);
            for (const { way, ms, outcome, message, stack, peak } of about) {
              const happened = `${way}: ${outcome}: ${message} ${outcome === "refused" ? "" : stack}`;
              const may = mayRead || (partsMayBeRead && /open|blocks/.test(way));
              assert.ok(outcome === "refused" || (outcome === "read" && may), happened);
              if (says !== undefined && outcome === "refused") assert.ok(says.test(message!), happened);
              assert.ok((message ?? "").length < 2000, `${way}: the message has ${message?.length} letters`);
              assert.ok(ms < longest, `${way} took ${ms} ms of work`);
              assert.ok(peak < mostMemory || before >= mostMemory, `${way} took ${(peak / 2 ** 20).toFixed(0)} MiB`);
            }
          });
        }
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    },
  });
}

/**
 * In a process with little heap that may read these files and our own source, and do nothing else: what would write,
 * call or run is refused by Deno, and shows as a wrong error.
 */
async function readAll(folder: string, paths: readonly string[]): Promise<{ told: Told[]; last: string }> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [...permissions(folder), "--v8-flags=--max-old-space-size=256", child, ...paths],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(process.stderr).text(), told: Told[] = [];
  let timer = setTimeout(() => process.kill("SIGKILL"), patience), rest = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    clearTimeout(timer);
    timer = setTimeout(() => process.kill("SIGKILL"), patience);
    const lines = (rest + text).split("\n"), peak = peakMemory(process.pid);
    rest = lines.pop()!;
    told.push(...lines.map((line) => ({ ...JSON.parse(line), peak })));
  }
  clearTimeout(timer);
  const { code } = await process.status;
  return { told, last: `code ${code}, ${(await errors).trim().slice(-1500)}` };
}

/** The task that brings TensorFlow: what is in its way is told, and what was there stays. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { releaseFor, requireRoom } from "../../src/backend/native/build/build.ts";
import { findCompiler } from "../../src/backend/native/build/compile.ts";
import { lockFile } from "../../src/store/disk/file_lock.ts";
import { folder as whole, nativeTest } from "../backend/native/setup.ts";
import { runDeno, runNative } from "../backend/native/task.ts";
import { temporary } from "../store/temporary.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A folder that was filled before. */
function before(): { place: string; folder: string } {
  const place = temporary(), folder = join(place, ".native");
  Deno.mkdirSync(folder);
  Deno.writeTextFileSync(join(folder, "kept"), "as it was");
  return { place, folder };
}
function assertKept({ place, folder }: { place: string; folder: string }): void {
  assert.equal(Deno.readTextFileSync(join(folder, "kept")), "as it was");
  const left = [...Deno.readDirSync(place)].map(({ name }) => name).sort();
  assert.deepEqual(left.filter((name) => !name.startsWith(".native")), [], "half-built folders are left");
}

/** A folder of programs, each of a few lines of shell. */
function programs(scripts: Record<string, string>): string {
  const bin = temporary();
  for (const [name, script] of Object.entries(scripts)) {
    Deno.writeTextFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    Deno.chmodSync(join(bin, name), 0o755);
  }
  return bin;
}
const compiler = { "g++": "exit 0" };
/** Says that it is a Python; fails as pip would. */
const python = (pip: string) => ({
  python3: `case "$1" in -c) echo 3.12.0; echo /nowhere ;; *) echo "${pip}" >&2; exit 1 ;; esac`,
});

const hindrances: Record<string, [scripts: Record<string, string>, message: RegExp]> = {
  "no compiler": [{}, /^Error: Cannot build TensorFlow's binding: no C\+\+ compiler was found .*apt install g\+\+/],
  "no Python": [compiler, /^Error: Cannot bring TensorFlow: no Python was found .*apt install python3/],
  "a Python without pip": [
    { ...compiler, ...python("/usr/bin/python3: No module named pip") },
    /^Error: Cannot download tensorflow.* 2\.21\.0: .*apt install python3-pip/,
  ],
  "no network": [
    { ...compiler, ...python("ERROR: Name or service not known for https://me:secret@mirror/") },
    /^Error: Cannot download tensorflow(?!.*secret).*the package index can't be reached.*PIP_INDEX_URL/,
  ],
  "a full disk": [
    { ...compiler, ...python("OSError: [Errno 28] No space left on device") },
    /^Error: Cannot download tensorflow.*make room on the disk/,
  ],
};

const ignore = Deno.build.os === "windows";
for (const [what, [scripts, message]] of Object.entries(hindrances)) {
  Deno.test({
    name: `deno task native: ${what} is told, with the way out, and what was there stays`,
    ignore,
    fn: async () => {
      const place = before();
      const { code, out, err } = await runNative(["--folder", place.folder], { env: { PATH: programs(scripts) } });
      assert.match(err, message, out);
      assert.equal(code, 1);
      assertKept(place);
    },
  });
}

Deno.test({
  name: "deno task native: a wheel with another digest is refused",
  ignore,
  fn: async () => {
    const place = before();
    // A pip that finds a wheel, of whatever is in it.
    const pip = 'while [ "$1" != --dest ]; do shift; done; echo bad > "$2/tensorflow-2.21.0-cp312.whl"';
    const scripts = { ...compiler, python3: `case "$1" in -c) echo 3.12.0; echo /nowhere ;; *) ${pip} ;; esac` };
    const { code, err } = await runNative(["--folder", place.folder], { env: { PATH: programs(scripts) } });
    assert.match(
      err,
      /^Error: Cannot use tensorflow-2\.21\.0-cp312\.whl: its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}; /,
    );
    assert.equal(code, 1);
    assertKept(place);
  },
});

Deno.test("deno task native: two at once are refused, with who is at work", async () => {
  const { folder } = before();
  const lock = await lockFile(`${folder}.lock`, { what: "it" });
  const { code, err } = await runNative(["--folder", folder]);
  lock.release();
  assert.match(err, /the folder ".*" .*locked|held|use/);
  assert.equal(code, 1);
});

Deno.test("deno task native: --remove undoes it, and there is nothing to remove", async () => {
  const { folder, place } = before();
  Deno.mkdirSync(join(place, "..native.left-by-a-killed-one.tmp"));
  const first = await runNative(["--remove", "--folder", folder]);
  assert.equal(first.out, `removed ${folder}\n`, first.err);
  assert.deepEqual([...Deno.readDirSync(place)].filter(({ isDirectory }) => isDirectory), []);
  assert.equal((await runNative(["--remove", "--folder", folder])).out, `there is no ${folder}\n`);
});

Deno.test("deno task native: --help tells what it needs; an unknown option is an error", async () => {
  assert.match((await runNative(["--help"])).out, /Python with pip and a C\+\+ compiler/);
  assert.equal((await runNative(["--cuda"])).code, 1);
});

Deno.test("what can't be built is known before anything is downloaded", async () => {
  await assert.rejects(findCompiler(["no-such-compiler"]), /looked for no-such-compiler/);
  await assert.rejects(
    requireRoom(temporary(), { wheels: [], platforms: [], download: 1e18, kept: 1e18 }),
    /Cannot bring TensorFlow: it needs \d+ MB on the disk of ".*", where \d+ MB are free; make room/,
  );
  assert.ok(releaseFor(false).wheels.every(({ digest }) => /^[0-9a-f]{64}$/.test(digest)));
  const program = `Object.defineProperty(Deno, "build", { value: { os: "linux", arch: "mips" } });
    const { releaseFor } = await import(${JSON.stringify(`${root}src/backend/native/build/build.ts`)});
    try { releaseFor(false); } catch (error) { console.log(error.message); }
    try { releaseFor(true); } catch (error) { console.log(error.message); }`;
  const { out } = await runDeno(["eval", "--config", `${root}deno.json`, program]);
  assert.match(out, /there is none for linux mips, only for linux x86_64, linux aarch64, darwin aarch64; the wasm/);
  assert.match(out, /for a GPU: there is none for linux mips, only for linux x86_64; /);
});

nativeTest("what was built keeps what is needed, and no more", () => {
  const names = [...Deno.readDirSync(whole)].map(({ name }) => name).sort();
  assert.deepEqual(names, ["manifest.json", "tensorflow", "tfjs_binding.node"]);
  assert.equal([...Deno.readDirSync(join(whole, "tensorflow"))].length, 2);
});

/** What is wrong with a folder is said in one line, and what to do. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { checkFolder, writeManifest } from "../../../src/backend/native/manifest.ts";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { temporary } from "../../store/temporary.ts";
import { folder as whole, nativeTest, root } from "./setup.ts";
import { runDeno } from "./task.ts";

const mend = "run: npx deno task native";

/** A folder that looks whole. */
async function filled(change: (manifest: Record<string, unknown>) => void = () => {}): Promise<string> {
  const folder = temporary();
  await Deno.mkdir(join(folder, "tensorflow"));
  await Deno.writeTextFile(join(folder, "tensorflow", "library"), "12345");
  await writeManifest(folder, { gpu: false, wheels: {}, files: { "tensorflow/library": 5 } });
  const path = join(folder, "manifest.json"), manifest = JSON.parse(await Deno.readTextFile(path));
  change(manifest);
  await Deno.writeTextFile(path, JSON.stringify(manifest));
  return folder;
}

Deno.test("checkFolder: a whole one is good", async () => {
  assert.equal((await checkFolder(await filled())).gpu, false);
});

const damages: Record<string, [folder: () => Promise<string> | string, reason: RegExp]> = {
  "none": [() => join(temporary(), "none"), /^no TensorFlow is installed; /],
  "half built": [() => temporary(), /" is half built; /],
  "an unreadable manifest": [
    async () => {
      const folder = await filled();
      await Deno.writeTextFile(join(folder, "manifest.json"), '{"tensorflow": "2.');
      return folder;
    },
    /manifest\.json" is damaged; /,
  ],
  "a manifest that lacks something": [
    () => filled((manifest) => delete manifest.files),
    /manifest\.json" is damaged; /,
  ],
  "another version": [
    () => filled((manifest) => manifest.tensorflow = "2.20.0"),
    /holds TensorFlow 2\.20\.0 with binding 4\.22\.0, not 2\.21\.0 with binding 4\.22\.0; /,
  ],
  "another computer": [
    () => filled((manifest) => manifest.platform = "plan9 mips"),
    /was built for plan9 mips, and this is \w+ \w+; /,
  ],
  "a truncated library": [
    async () => {
      const folder = await filled();
      await Deno.truncate(join(folder, "tensorflow", "library"), 3);
      return folder;
    },
    /library" is damaged: it has 3 bytes, not 5; /,
  ],
  "a missing library": [
    async () => {
      const folder = await filled();
      await Deno.remove(join(folder, "tensorflow", "library"));
      return folder;
    },
    /library" is missing; /,
  ],
};

for (const [what, [make, reason]] of Object.entries(damages)) {
  Deno.test(`native: ${what} is an error when asked for by name, and the way out is told`, async () => {
    const folder = await make();
    await assert.rejects(resolveBackend({ native: { folder } }), (error: Error) => {
      assert.match(error.message, /^Cannot find a backend that works: native was passed over: /);
      assert.match(error.message.replace(/^.*passed over: /, ""), reason);
      assert.ok(error.message.endsWith(mend));
      return true;
    });
  });
}

nativeTest("a library that isn't one is told, with what the system says of it", async () => {
  const folder = temporary();
  await Deno.mkdir(join(folder, "tensorflow"));
  await Deno.copyFile(join(whole, "tfjs_binding.node"), join(folder, "tfjs_binding.node"));
  for (const part of ["cc", "framework"]) {
    await Deno.writeTextFile(join(folder, "tensorflow", `libtensorflow_${part}.so.2`), "no library");
  }
  const { size } = await Deno.stat(join(folder, "tfjs_binding.node"));
  await writeManifest(folder, { gpu: false, wheels: {}, files: { "tfjs_binding.node": size } });
  await assert.rejects(
    resolveBackend({ native: { folder } }),
    /TensorFlow can't be loaded from ".*" \(.*(file too short|invalid ELF header).*\); run: npx deno task native$/,
  );
});

nativeTest("what isn't allowed is told, and auto goes on without a prompt", async () => {
  const code = `import { resolveBackend } from ${JSON.stringify(`${root}src/backend/resolve.ts`)};
    const wish = { native: { folder: ${JSON.stringify(whole)} } };
    console.log(await resolveBackend(wish).catch((error) => error.message));
    console.log((await resolveBackend("auto")).name);
    Deno.exit(0);`;
  const file = join(temporary(), "denied.ts");
  await Deno.writeTextFile(file, code);
  const { out, err } = await runDeno(["run", "--no-prompt", "--allow-read", "--config", `${root}deno.json`, file]);
  assert.match(out, /native was passed over: it needs --allow-ffi\nwasm\n$/, err);
});

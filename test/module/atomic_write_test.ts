import assert from "node:assert/strict";
import { atomicWrite, syncFolder, writeSynced } from "../../src/module/atomic_write.ts";

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("atomicWrite: writes text and bytes, over what was there, and leaves nothing else", async () => {
  const folder = await Deno.makeTempDir();
  await atomicWrite(`${folder}/a`, "old and long");
  await atomicWrite(`${folder}/a`, new Uint8Array([104, 105]));
  assert.equal(await Deno.readTextFile(`${folder}/a`), "hi");
  assert.deepEqual(names(folder), ["a"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("atomicWrite: many at once: one of them wins, whole", async () => {
  const folder = await Deno.makeTempDir();
  const texts = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(10_000));
  await Promise.all(texts.map((text) => atomicWrite(`${folder}/a`, text)));
  assert.ok(texts.includes(await Deno.readTextFile(`${folder}/a`)));
  assert.deepEqual(names(folder), ["a"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("atomicWrite: a folder that is not there is an error, and is not made", async () => {
  const folder = await Deno.makeTempDir();
  await assert.rejects(atomicWrite(`${folder}/missing/a`, "x"), { code: "ENOENT" });
  assert.deepEqual(names(folder), []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("atomicWrite: a target that can't be replaced stays, and no temporary file with it", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/a/inner`, { recursive: true });
  await assert.rejects(atomicWrite(`${folder}/a`, "x"));
  assert.deepEqual(names(folder), ["a"]);
  assert.deepEqual(names(`${folder}/a`), ["inner"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "atomicWrite: a folder that can't be written leaves the old file",
  ignore: Deno.build.os === "windows" || Deno.uid() === 0, // Root writes everywhere.
  async fn() {
    const folder = await Deno.makeTempDir();
    await atomicWrite(`${folder}/a`, "old");
    await Deno.chmod(folder, 0o555);
    await assert.rejects(atomicWrite(`${folder}/a`, "new"), { code: "EACCES" });
    await Deno.chmod(folder, 0o755);
    assert.equal(await Deno.readTextFile(`${folder}/a`), "old");
    assert.deepEqual(names(folder), ["a"]);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("atomicWrite: writeSynced never writes over a file; syncFolder tells of a missing folder", async () => {
  const folder = await Deno.makeTempDir();
  await writeSynced(`${folder}/a`, "one");
  await assert.rejects(writeSynced(`${folder}/a`, "two"), { code: "EEXIST" });
  assert.equal(await Deno.readTextFile(`${folder}/a`), "one");
  await assert.rejects(syncFolder(`${folder}/missing`), { code: "ENOENT" });
  await Deno.remove(folder, { recursive: true });
});

import assert from "node:assert/strict";
import "../../src/codec/codecs.ts";
import { readValue } from "../../src/module/file.ts";
import { State } from "../../src/module/state.ts";

const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

Deno.test("about file: an error says which file it is, once, whole or in parts, also where it is printed", async () => {
  const path = `${folder}/cut.npz`;
  await new State({ a: 1 }).write(path);
  await Deno.writeFile(path, (await Deno.readFile(path)).subarray(0, 100));
  const expected =
    `Cannot read "${path}" as zip: found no valid end record; the file is cut off, damaged, or not a zip archive`;
  for (const read of [readValue, State.read, (where: string | URL) => State.read(where, { only: ["a"] })]) {
    for (const where of [path, new URL(`file://${path}`)]) {
      await assert.rejects(read(where), (error: Error) => {
        assert.ok(error instanceof SyntaxError);
        assert.equal(error.message, expected);
        return Deno.inspect(error).includes(expected);
      });
    }
  }
});

Deno.test("about file: a folder is told as one", async () => {
  await Deno.mkdir(`${folder}/data.lmdb`);
  await assert.rejects(readValue(`${folder}/data.lmdb`), {
    message: `Cannot read "${folder}/data.lmdb": it is a folder; name a file in it, of an LMDB database "data.mdb"`,
    code: "EISDIR",
  });
});

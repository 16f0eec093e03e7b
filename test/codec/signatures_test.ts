import assert from "node:assert/strict";
import { codecFor, codecs } from "../../src/codec/codecs.ts";
import { headLength, recognise } from "../../src/module/codec.ts";
import { readValue } from "../../src/module/file.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import type { Value } from "../../src/module/value.ts";

const bytes = new NDArray("uint8", [4, 4, 3], Uint8Array.from({ length: 48 }, (_, i) => i));
const samples: Record<string, Value> = { values: { a: [1] }, arrays: { a: bytes }, array: bytes, rows: [{ a: 1 }] };
/** Formats without a mark of their own: text, and those that a file's name alone tells. */
const unmarked = ["json", "yaml", "yml", "csv", "tsv"];
const marked = [...codecs.keys()].filter((extension) => !unmarked.includes(extension));

async function sample(extension: string): Promise<Uint8Array> {
  const codec = await codecs.get(extension)!();
  return await codec.stringify(samples[codec.holds]!);
}

Deno.test("signatures: a file is known by how it begins, without an extension", async () => {
  for (const extension of marked) {
    const written = await sample(extension), head = written.slice(0, headLength);
    assert.ok(recognise(head)?.extensions.includes(extension), `${extension}: ${recognise(head)?.format}`);
    const codec = await codecFor("no_extension", head);
    assert.equal(codec.holds, (await codecs.get(extension)!()).holds, extension);
  }
});

Deno.test("signatures: a file under another format's extension is refused, naming the right one", async () => {
  const folder = await Deno.makeTempDir();
  for (const extension of marked) {
    const written = await sample(extension), { format, extensions } = recognise(written.slice(0, headLength))!;
    for (const wrong of codecs.keys()) {
      if (extensions.includes(wrong)) continue;
      const path = `${folder}/x.${wrong}`;
      await Deno.writeFile(path, written);
      await assert.rejects(readValue(path), (error: Error) => {
        assert.ok(error instanceof SyntaxError, `${extension} as ${wrong}: ${error}`);
        const right = extensions[0] === "gz" ? `"x.${wrong}.gz"` : `.${extensions[0]}`;
        const named = `Cannot read "x.${wrong}" as .${wrong}: it is a file of ${format}; name it ${right}`;
        return error.message === named || assert.fail(`${extension} as ${wrong}: ${error.message}`);
      });
    }
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("signatures: text that happens to begin like a binary file is still text", () => {
  for (const text of ["PAR", "{}", '{"a": 1}', "[1]", "a,b\n1,2\n", "0.5", "x: 1\n", "PK", "\x89", "ARROW", "\0\0"]) {
    const head = new TextEncoder().encode(text);
    assert.equal(recognise(head), undefined, text);
  }
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Folder, writeFile } from "../../src/store/folder.ts";

/** Changed to look elsewhere; fast-check prints it with what it finds. */
const seed = 6;

type Step =
  | { do: "write" | "note" | "append"; path: string; text: string }
  | { do: "truncate"; path: string; length: number }
  | { do: "remove"; paths: string[] }
  | { do: "rename"; from: string; to: string };

const folders = ["a", "b/c", "b/cd"];
const folder = fc.constantFrom(...folders);
const path = fc.tuple(folder, fc.constantFrom("x", "y", "x.json")).map((names) => names.join("/"));
const text = fc.string({ maxLength: 40, unit: "grapheme" });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("write" as const, "note" as const, "append" as const), path, text }),
  fc.record({ do: fc.constant("truncate" as const), path, length: fc.nat(20) }),
  fc.record({ do: fc.constant("remove" as const), paths: fc.array(fc.oneof(path, folder), { maxLength: 3 }) }),
  fc.record({ do: fc.constant("rename" as const), from: folder, to: folder }),
);

const isWithin = (name: string, path: string): boolean => name === path || name.startsWith(`${path}/`);

/** Random steps do to a folder what they do to a map from path to content. */
export async function folderLaw(place: Folder): Promise<void> {
  let files = new Map<string, Uint8Array>();
  const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
    await place.remove(folders);
    files = new Map();
    for (const one of steps) await take(place, files, one);
    await same(place, files);
  });
  await fc.assert(property, { seed, numRuns: 25, endOnFailure: true });
}

async function take(place: Folder, files: Map<string, Uint8Array>, step: Step): Promise<void> {
  switch (step.do) {
    case "write":
      await writeFile(place, step.path, step.text);
      return void files.set(step.path, encode(step.text));
    case "note":
      await place.note(step.path, step.text);
      return void files.set(step.path, encode(step.text));
    case "append":
      return await append(place, files, step.path, step.text);
    case "truncate":
      return await truncate(place, files, step.path, step.length);
    case "remove":
      await place.remove(step.paths);
      for (const name of [...files.keys()]) if (step.paths.some((path) => isWithin(name, path))) files.delete(name);
      return;
    default:
      return await rename(place, files, step);
  }
}

async function append(place: Folder, files: Map<string, Uint8Array>, path: string, text: string): Promise<void> {
  const file = await place.append(path);
  await file.write(encode(text));
  file.close();
  files.set(path, new Uint8Array([...files.get(path) ?? [], ...encode(text)]));
}

async function truncate(place: Folder, files: Map<string, Uint8Array>, path: string, length: number): Promise<void> {
  const bytes = files.get(path) ?? new Uint8Array();
  if (length > bytes.length) return;
  const file = await place.append(path);
  await file.truncate(length);
  file.close();
  files.set(path, bytes.slice(0, length));
}

async function rename(place: Folder, files: Map<string, Uint8Array>, { from, to }: Step & { do: "rename" }) {
  const [moved, taken] = [from, to].map((path) => [...files.keys()].filter((name) => isWithin(name, path)));
  if (moved!.length === 0 || from === to) return;
  assert.equal(await place.rename(from, to), taken!.length === 0);
  if (taken!.length > 0) return;
  for (const name of moved!) {
    files.set(to + name.slice(from.length), files.get(name)!);
    files.delete(name);
  }
}

async function same(place: Folder, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const folder of folders) {
    const inside = [...files.keys()].filter((name) => isWithin(name, folder));
    assert.deepEqual(await place.list(folder), inside.map((name) => name.slice(folder.length + 1)).sort());
  }
  for (const [path, bytes] of files) {
    assert.deepEqual(new Uint8Array((await place.read(path))!), bytes);
    assert.equal((await place.info(path))!.size, bytes.length);
  }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

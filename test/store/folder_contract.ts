import assert from "node:assert/strict";
import type { Appender, Folder } from "../../src/store/folder.ts";
import { writeFile } from "../../src/store/folder.ts";
import { folderLaw } from "./folder_law.ts";

/** Opens a folder of a place of its own, and the same place once more, as another process would. */
export type OpenFolders = () => Promise<{ folder: Folder; again?: Folder; close?: () => Promise<void> }>;

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);
const encode = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Bytes of which no two blocks are alike. */
export function noise(size: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(size / 4));
  for (let i = 0, state = seed; i < words.length; i++) words[i] = state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return new Uint8Array(words.buffer, 0, size);
}

/** Whether bytes are the same, faster than assert tells. */
export function sameBytes(found: Uint8Array | undefined, expected: Uint8Array): void {
  assert.equal(found?.length, expected.length);
  const at = expected.findIndex((byte, i) => found![i] !== byte);
  assert.equal(at, -1, `byte ${at} differs`);
}

async function readBlocks(folder: Folder, path: string, from?: number, to?: number): Promise<Uint8Array> {
  const parts: number[][] | Uint8Array[] = [];
  for await (const block of folder.blocks(path, from, to)) (parts as Uint8Array[]).push(block.slice());
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

async function appending(folder: Folder, path: string, work: (file: Appender) => Promise<void>): Promise<void> {
  const file = await folder.append(path);
  try {
    await work(file);
  } finally {
    file.close();
  }
}

/** All that a {@linkcode Folder} promises. */
export function folderContract(name: string, open: OpenFolders): void {
  const test = (what: string, body: (folder: Folder, again?: Folder) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      const { folder, again, close } = await open();
      try {
        await body(folder, again);
      } finally {
        await close?.();
      }
    });

  test("what is not there is nothing", async (folder) => {
    assert.equal(await folder.read("a/b"), undefined);
    assert.equal(await folder.info("a/b"), undefined);
    assert.deepEqual(await folder.list("a"), []);
    assert.deepEqual(await folder.list(""), []);
    assert.equal((await readBlocks(folder, "a/b")).length, 0);
    await folder.remove(["a/b", "c"]);
  });

  test("a batch shows its files whole and together, at its commit", async (folder, again) => {
    await writeFile(folder, "d/old", "before");
    const batch = folder.batch();
    await batch.add("d/text", "a\u0000b é 😀");
    await batch.add("d/old", encode("after"));
    await batch.add("d/parts", [noise(3), new Uint8Array(), noise(5, 2)]);
    await batch.add("d/empty", "");
    for (const view of [folder, again ?? folder]) {
      assert.deepEqual((await view.list("d")).filter((name) => !name.startsWith(".")), ["old"]);
      assert.equal(text(await view.read("d/old")), "before");
      assert.equal(await view.read("d/text"), undefined);
    }
    await batch.commit();
    await batch.abort();
    for (const view of [folder, again ?? folder]) {
      assert.deepEqual(await view.list("d"), ["empty", "old", "parts", "text"]);
      assert.equal(text(await view.read("d/text")), "a\u0000b é 😀");
      assert.equal(text(await view.read("d/old")), "after");
      sameBytes(await view.read("d/parts"), new Uint8Array([...noise(3), ...noise(5, 2)]));
      assert.equal((await view.read("d/empty"))!.length, 0);
      assert.equal((await view.info("d/empty"))!.size, 0);
    }
  });

  test("what was added is as it was then; what is read is the reader's own", async (folder) => {
    const given = noise(200_000), copy = given.slice();
    const batch = folder.batch();
    await batch.add("a", given);
    given.fill(0);
    await batch.commit();
    const read = (await folder.read("a"))!;
    sameBytes(read, copy);
    read.fill(1);
    sameBytes(await folder.read("a"), copy);
  });

  test("an aborted batch leaves nothing; the last of two with a name counts", async (folder) => {
    const batch = folder.batch();
    await batch.add("d/a", "never seen");
    await batch.abort();
    await batch.commit();
    assert.deepEqual(await folder.list("d"), []);
    await batch.add("d/b", "first");
    await batch.add("d/b", "second");
    await batch.commit();
    assert.equal(text(await folder.read("d/b")), "second");
    await batch.abort();
    assert.deepEqual(await folder.list("d"), ["b"]);
  });

  test("large files come back, whole and in parts", async (folder) => {
    const size = 3 * (1 << 20) + 12_345, bytes = noise(size);
    await writeFile(folder, "large", [bytes.subarray(0, 77), bytes.subarray(77)]);
    sameBytes(await folder.read("large"), bytes);
    assert.equal((await folder.info("large"))!.size, size);
    for (const limit of [1, 77, 1 << 20, (1 << 20) + 1, size, size + 1]) {
      sameBytes(await folder.read("large", limit), bytes.subarray(0, limit));
    }
    sameBytes(await readBlocks(folder, "large"), bytes);
    for (const [from, to] of [[0, 1], [5, 5], [(1 << 20) - 1, (1 << 20) + 1], [77, size], [size - 1, size + 9]]) {
      sameBytes(await readBlocks(folder, "large", from, to), bytes.subarray(from, to));
    }
    sameBytes(await readBlocks(folder, "large", 2 << 20), bytes.subarray(2 << 20));
    assert.equal((await readBlocks(folder, "large", size)).length, 0);
  });

  test("info tells the size and when it was changed", async (folder) => {
    const day = 86_400_000;
    await writeFile(folder, "a", "12345");
    const first = (await folder.info("a"))!;
    assert.equal(first.size, 5);
    assert.ok(Math.abs(first.modified - Date.now()) < day, `${first.modified}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(await folder.info("a"), first);
    await appending(folder, "a", (file) => file.write(encode("6")));
    const second = (await folder.info("a"))!;
    assert.equal(second.size, 6);
    assert.ok(second.modified > first.modified);
  });

  test("list gives the names in a folder, sorted, and nobody else's", async (folder) => {
    const names = ["a", "a b", "a%", "a_", "aX", "a'b", "a.b", "a~1", "A", "é", "ｚ", "😀", "z"];
    for (const name of names) await writeFile(folder, `runs/${name}/run.json`, name);
    await writeFile(folder, "runs/a/checkpoints/10.json", "");
    await writeFile(folder, "index.json", "");
    assert.deepEqual(await folder.list("runs"), [...names].sort());
    assert.deepEqual(await folder.list("runs/a"), ["checkpoints", "run.json"]);
    assert.deepEqual(await folder.list("runs/a/checkpoints"), ["10.json"]);
    assert.deepEqual((await folder.list("")).filter((name) => name !== "locks"), ["index.json", "runs"]);
    assert.deepEqual(await folder.list("run"), []);
    for (const name of names) assert.equal(text(await folder.read(`runs/${name}/run.json`)), name);
  });

  test("a note replaces a file whole", async (folder, again) => {
    await folder.note("d/note", "one");
    await folder.note("d/note", "another");
    assert.equal(text(await (again ?? folder).read("d/note")), "another");
    assert.deepEqual(await folder.list("d"), ["note"]);
  });

  test("an appender adds at the end, cuts, and goes on where another ended", async (folder, again) => {
    const file = await folder.append("d/log");
    assert.equal((await folder.info("d/log"))!.size, 0);
    await file.write(encode("one\n"));
    await file.write(encode("two\n"));
    assert.equal(text(await (again ?? folder).read("d/log")), "one\ntwo\n");
    await file.truncate(6);
    await file.write(encode("o\n"));
    await file.sync();
    assert.equal(text(await folder.read("d/log")), "one\ntwo\n");
    file.close();
    await appending(again ?? folder, "d/log", async (file) => {
      await file.write(encode("three"));
      await file.write(new Uint8Array());
      await file.sync();
    });
    assert.equal(text(await readBlocks(folder, "d/log", 4)), "two\nthree");
    await appending(folder, "d/log", (file) => file.truncate(0));
    assert.equal((await folder.info("d/log"))!.size, 0);
  });

  test("large and many appends, cut anywhere", async (folder) => {
    const large = noise(2_500_000), many = Array.from({ length: 300 }, (_, i) => noise(i, i + 1));
    const all = new Uint8Array(await new Blob([large, ...many] as BlobPart[]).arrayBuffer());
    await appending(folder, "log", async (file) => {
      await file.write(large);
      for (const piece of many) await file.write(piece);
      await file.sync();
      sameBytes(await folder.read("log"), all);
      sameBytes(await readBlocks(folder, "log", 1_234_567, all.length - 777), all.subarray(1_234_567, -777));
      for (const length of [all.length - 1, large.length + 1, large.length, 1_048_577, 1_048_576, 3]) {
        await file.truncate(length);
        sameBytes(await folder.read("log"), all.subarray(0, length));
        assert.equal((await folder.info("log"))!.size, length);
      }
      await file.write(encode("end"));
    });
    sameBytes(await folder.read("log"), new Uint8Array([...all.subarray(0, 3), ...encode("end")]));
  });

  test("an appender goes on with what a batch wrote", async (folder) => {
    await writeFile(folder, "a", noise(1_100_000));
    await appending(folder, "a", (file) => file.write(noise(10, 5)));
    sameBytes(await folder.read("a"), new Uint8Array([...noise(1_100_000), ...noise(10, 5)]));
  });

  test("remove takes files, and folders with all that is in them", async (folder) => {
    for (const path of ["d/a", "d/ab", "d/a.b", "d/c/e/f", "d/c/g", "dd", "d_/a"]) await writeFile(folder, path, path);
    await folder.remove(["d/a", "d/c", "d/nothing"]);
    assert.deepEqual(await folder.list("d"), ["a.b", "ab"]);
    assert.deepEqual(await folder.list("d/c"), []);
    await folder.remove(["d"]);
    assert.deepEqual(await folder.list("d"), []);
    assert.equal(text(await folder.read("dd")), "dd");
    assert.equal(text(await folder.read("d_/a")), "d_/a");
  });

  test("rename moves a folder with all that is in it, never onto another", async (folder) => {
    for (const path of ["r/a/x", "r/a/y/z", "r/ab/x", "r/b/x"]) await writeFile(folder, path, path);
    assert.equal(await folder.rename("r/a", "r/b"), false);
    assert.equal(text(await folder.read("r/a/x")), "r/a/x");
    assert.equal(text(await folder.read("r/b/x")), "r/b/x");
    assert.equal(await folder.rename("r/a", "r/a~1"), true);
    assert.deepEqual(await folder.list("r"), ["ab", "a~1", "b"]);
    assert.equal(text(await folder.read("r/a~1/y/z")), "r/a/y/z");
    assert.equal(await folder.read("r/a/x"), undefined);
    await assert.rejects(folder.rename("r/a", "r/c"), /Cannot rename/);
  });

  test("locks: one alone, or many that share", async (folder, again) => {
    const other = again ?? folder;
    const options = { what: 'run "a"', wait: 0 }, path = "locks/runs.a.lock";
    const lock = await folder.lock(path, options);
    for (const view of [folder, other]) {
      for (const shared of [false, true]) {
        await assert.rejects(view.lock(path, { ...options, shared }), {
          name: "Busy",
          message: new RegExp(`^Cannot lock run "a": this process \\(${Deno.pid}\\) has held it since \\d{4}-`),
        });
      }
    }
    (await other.lock("locks/runs.b.lock", options)).release();
    const waiting = other.lock(path, { what: 'run "a"', wait: 10_000 });
    lock.release();
    (await waiting).release();

    const patient = { what: "blobs", wait: 10_000 }, blobs = "locks/blobs.lock";
    const shared = [await folder.lock(blobs, { ...patient, shared: true })];
    shared.push(await folder.lock(blobs, { ...patient, shared: true }));
    shared.push(await other.lock(blobs, { ...patient, shared: true }));
    for (const one of shared) {
      await assert.rejects(folder.lock(blobs, { what: "blobs", wait: 0 }), { name: "Busy" });
      await assert.rejects(other.lock(blobs, { what: "blobs", wait: 0 }), { name: "Busy" });
      one.release();
    }
    (await other.lock(blobs, patient)).release();
    (await folder.lock(blobs, patient)).release();
  });

  test("much at once: nothing is lost, nobody sees halves", async (folder, again) => {
    const sizes = [5, 70_000, 1_200_000];
    const writers = Array.from({ length: 6 }, async (_, i) => {
      for (let round = 0; round < 3; round++) {
        await writeFile(folder, `w/${i}`, noise(sizes[round]!, i + 1));
        await folder.note("n", `${i}`.repeat(5_000));
        await appending(again ?? folder, `log/${i}`, (file) => file.write(encode(`${round}`)));
      }
    });
    let writing = true;
    const ended = Promise.all(writers).finally(() => writing = false);
    while (writing) {
      const [bytes, note] = [await (again ?? folder).read("w/0"), text(await folder.read("n"))];
      if (bytes !== undefined) sameBytes(bytes, noise(bytes.length, 1));
      if (bytes !== undefined) assert.ok(sizes.includes(bytes.length), `${bytes.length}`);
      if (note !== undefined) assert.equal(note, note[0]!.repeat(5_000));
    }
    await ended;
    for (let i = 0; i < 6; i++) {
      sameBytes(await folder.read(`w/${i}`), noise(sizes[2]!, i + 1));
      assert.equal(text(await folder.read(`log/${i}`)), "012");
    }
  });

  test("any sequence of steps gives what a plain map of files gives", folderLaw);
}

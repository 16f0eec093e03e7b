import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "jsonc-parser";
import { join } from "node:path";
import project from "../../deno.json" with { type: "json" };
import { initFolder, isReady } from "../../src/jupyter/init.ts";
import { installKernel } from "../../src/jupyter/install_kernel.ts";
import { inserted } from "../../src/jupyter/jsonc_insert.ts";
import { ensureVenv } from "../../src/jupyter/venv.ts";
import { temporary } from "../store/temporary.ts";
import { executeCells, outcome, root, runTask, start } from "./tasks.ts";

const pinned = `jsr:${project.name}@${project.version}`, { rxjs } = project.imports;
const read = (folder: string, name = "deno.json") => Deno.readTextFileSync(join(folder, name));
const folderWith = (text: string, name = "deno.json") => {
  const folder = Deno.realPathSync(temporary());
  Deno.writeTextFileSync(join(folder, name), text);
  return folder;
};

/** An experiment as a notebook would have it; it leaves what it found in a file. */
const cells = [
  'import { Session } from "ptutils";\nimport { Observable } from "rxjs";',
  `const session = await Session.configure({
  name: "tiny",
  trainer: { looper: { steps: 2 } },
  dataProvider: { datasets: { train: "Digits" } },
  dbInterface: "MemoryStore",
});
await session.run();`,
  'Deno.writeTextFileSync("seen.json", JSON.stringify([session.status.phase, session.events$ instanceof Observable]));',
];
const run = (folder: string, args = ["--no-lock"]) =>
  outcome(start(Deno.execPath(), ["run", "-A", ...args, "cells.ts"], folder));
async function runCells(folder: string): Promise<unknown> {
  Deno.writeTextFileSync(join(folder, "cells.ts"), cells.join("\n"));
  const { code, err } = await run(folder);
  assert.equal(code, 0, err);
  return JSON.parse(read(folder, "seen.json"));
}

Deno.test("init: an empty folder gets a deno.json by which scripts and the kernel find the library", async () => {
  const folder = join(Deno.realPathSync(temporary()), "new", "notebooks");
  const { code, out, err } = await runTask("ptutils", ["init", folder]);
  assert.equal(code, 0, err);
  assert.ok(out.startsWith(`${folder} is ready. Written into ${join(folder, "deno.json")}:\n  links: `), out);
  assert.deepEqual(JSON.parse(read(folder)).imports, { ptutils: pinned, rxjs });
  assert.deepEqual(await runCells(folder), ["completed", true]);
  Deno.removeSync(join(folder, "seen.json"));

  const { python } = await ensureVenv({ root }), prefix = temporary();
  await installKernel({ prefix });
  const executed = await executeCells(python, { folder, jupyterPath: join(prefix, "share", "jupyter"), cells });
  assert.equal(executed.code, 0, executed.err);
  assert.deepEqual(JSON.parse(read(folder, "seen.json")), ["completed", true]);

  const before = read(folder), again = await runTask("ptutils", ["init", folder]);
  assert.match(again.out, /Nothing was written/);
  assert.equal(read(folder), before);
});

const commented = `// mine
{
    // imports of mine
    "imports": {
        "helpers": "./helpers.ts", // by hand
        "rxjs": "npm:rxjs@7.8.1" // an older one
    },
    "tasks": { "x": "echo   x" },
}
`;

Deno.test("init: what is in a deno.json stays to the character, comments too", async () => {
  const folder = folderWith(commented, "deno.jsonc");
  const { changes, warnings, file } = await initFolder(folder);
  assert.equal(file, join(folder, "deno.jsonc"));
  assert.equal(changes.length, 3);
  assert.match(warnings.join(), /"npm:rxjs@7.8.1" here .* two versions don't mix/);
  const text = read(folder, "deno.jsonc"), link = parse(text).links[0];
  const added = [
    `        "ptutils": "${pinned}"`,
    '    "links": [',
    `        "${link}"`,
    "    ],",
    '    "nodeModulesDir": "none",',
  ];
  assert.deepEqual(
    text.split("\n").filter((line) => !added.includes(line)),
    commented.replace('7.8.1" //', '7.8.1", //').split("\n"),
  );
  Deno.writeTextFileSync(join(folder, "helpers.ts"), "");
  assert.deepEqual(await runCells(folder), ["completed", false]);
  const again = await initFolder(folder);
  assert.deepEqual([again.changes, again.warnings], [[], warnings]);
  assert.equal(read(folder, "deno.jsonc"), text);
});

Deno.test("init: a file that can't be extended is an error that names it, and stays as it is", async () => {
  const wrong: [string, RegExp][] = [
    ['{\n  "imports": {,}\n}', /^SyntaxError: Cannot read ".*deno.json": ValueExpected at line 2, column 15/],
    ['{ "imports": ', /^SyntaxError: .* at line 1, column \d+/],
    ["[]", /^SyntaxError: .* it is no object/],
    ['{ "imports": [] }', /^TypeError: .* "imports" is \[\]/],
    ['{ "links": "../x" }', /^TypeError: .* "links" is "..\/x"/],
    ['{ "importMap": "map.json" }', /^RangeError: .* its imports are in "map.json"/],
    [
      '{ "imports": { "ptutils": "npm:ptutils@1" } }',
      /^RangeError: Cannot map .* it is "npm:ptutils@1" there.*--force/,
    ],
  ];
  for (const [text, message] of wrong) {
    const folder = folderWith(text);
    await assert.rejects(initFolder(folder), message);
    assert.equal(read(folder), text);
  }
  const file = folderWith("{}");
  await assert.rejects(
    initFolder(join(file, "deno.json")),
    /^Error: Cannot make the folder ready: .* can't be written/,
  );
});

Deno.test("init: another ptutils is replaced when asked for", async () => {
  const folder = folderWith('{ "imports": { "ptutils": "npm:ptutils@1" } }');
  const { code, err } = await runTask("ptutils", ["init", folder, "--force"]);
  assert.equal(code, 0, err);
  assert.equal(JSON.parse(read(folder)).imports.ptutils, pinned);

  const other = folderWith(JSON.stringify({ name: project.name, version: "0.0.1" }));
  const linked = folderWith(JSON.stringify({ links: [other] }));
  await assert.rejects(initFolder(linked), /^RangeError: .* has another folder of it/);
  await initFolder(linked, { force: true });
  assert.deepEqual(await runCells(linked), ["completed", true]);
});

Deno.test("init: a folder that came from another computer, or of an older version, is mended", async () => {
  const folder = folderWith(
    JSON.stringify({ links: ["../../gone/ptutils"], imports: { ptutils: `jsr:${project.name}@0.0.1` } }),
  );
  const { changes } = await initFolder(folder);
  assert.match(
    changes.join("\n"),
    /instead of "..\/..\/gone\/ptutils", which is not there\n.* instead of "jsr:.*@0.0.1"/,
  );
  assert.deepEqual(await runCells(folder), ["completed", true]);
});

Deno.test("init: beside a package.json its packages are found, too", async () => {
  const folder = folderWith(JSON.stringify({ dependencies: { rxjs: "7.8.2" } }), "package.json");
  const { changes } = await initFolder(folder);
  assert.match(changes.join("\n"), /nodeModulesDir: "auto"/);
  assert.equal(JSON.parse(read(folder)).imports.rxjs, undefined);
  const manual = folderWith('{ "nodeModulesDir": "manual" }');
  assert.match((await initFolder(manual)).warnings.join(), /run "deno install"/);
});

Deno.test("init: a configuration above counts where it knows the library, and is told where it doesn't", async () => {
  assert.deepEqual((await initFolder(join(root, "notebooks"))).changes, []);
  assert.equal((await initFolder(root)).file, join(root, "deno.json"));
  const above = folderWith('{ "imports": { "chalk": "npm:chalk@5" } }'), folder = join(above, "notebooks");
  const { file, warnings } = await initFolder(folder);
  assert.equal(file, join(folder, "deno.json"));
  assert.match(warnings.join(), /no longer see ".*deno.json"/);
  const inner = await initFolder(join(folder, "inner"));
  assert.deepEqual([inner.file, inner.changes], [file, []]);
  assert.deepEqual([await isReady(join(folder, "inner")), await isReady(above)], [true, false]);
});

Deno.test("init: a member of a workspace is made ready by the workspace", async () => {
  const workspace = folderWith('{ "workspace": ["./a", "./more/*"] }');
  for (const name of ["a", "more/b"]) {
    const member = join(workspace, name);
    Deno.mkdirSync(member, { recursive: true });
    Deno.writeTextFileSync(join(member, "deno.json"), "{}");
    await assert.rejects(initFolder(member), /^RangeError: .* is a member of the workspace .* run this on/);
  }
  await initFolder(workspace);
  assert.deepEqual((await initFolder(join(workspace, "a"))).file, join(workspace, "deno.json"));
  assert.deepEqual(await runCells(join(workspace, "a")), ["completed", true]);
});

Deno.test("init: a symbolic link stays one, and the way through one leads to the library", async () => {
  if (Deno.build.os === "windows") return;
  const folder = folderWith("{}", "shared.json");
  Deno.symlinkSync("shared.json", join(folder, "deno.json"));
  await initFolder(folder);
  assert.ok(Deno.lstatSync(join(folder, "deno.json")).isSymlink);
  assert.equal(JSON.parse(read(folder, "shared.json")).imports.ptutils, pinned);
  const real = Deno.realPathSync(temporary()), way = join(temporary(), "way");
  Deno.symlinkSync(real, way);
  assert.equal((await initFolder(way)).folder, real);
  assert.deepEqual(await runCells(way), ["completed", true]);
});

Deno.test("init: an insertion into any JSON changes nothing else", () => {
  const value = fc.dictionary(fc.constantFrom("a", "b", "imports"), fc.dictionary(fc.string(), fc.jsonValue()));
  const indent = fc.constantFrom(undefined, 2, 4, "\t");
  fc.assert(fc.property(value, indent, fc.boolean(), (before, indent, windows) => {
    const text = JSON.stringify(before, null, indent).replaceAll("\n", windows ? "\r\n" : "\n");
    const after = inserted(text, ["imports", "/new/"], { x: [1] });
    const { imports, ...others } = parse(after);
    const { "/new/": added, ...kept } = imports;
    assert.deepEqual([added, kept, others], [{ x: [1] }, parse(text).imports ?? {}, without(parse(text))]);
    let at = 0;
    for (const character of text) at = after.indexOf(character, at) + 1 || assert.fail(`${character} is lost`);
  }));
});

const without = ({ imports: _, ...others }: Record<string, unknown>) => others;

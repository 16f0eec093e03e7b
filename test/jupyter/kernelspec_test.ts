import assert from "node:assert/strict";
import { join } from "node:path";
import { requireDeno } from "../../src/jupyter/deno_version.ts";
import { ensureKernel, hintsOn, installKernel } from "../../src/jupyter/install_kernel.ts";
import { kernelsFolder } from "../../src/jupyter/prefix.ts";
import { findPython } from "../../src/jupyter/python.ts";
import { replaceFolder } from "../../src/jupyter/replace_folder.ts";
import { uninstallKernel } from "../../src/jupyter/uninstall_kernel.ts";
import { ensureVenv } from "../../src/jupyter/venv.ts";
import { temporary } from "../store/temporary.ts";
import { executeCells, outcome, root, runTask, start } from "./tasks.ts";

const { bin, python } = await ensureVenv({ root, tell: (line) => console.log(line) });
const files = ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg", "plotly.min.js"];
const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
/** Width and height that a png says it has. */
const pngSize = (path: string) => {
  const view = new DataView(Deno.readFileSync(path).buffer);
  return [view.getUint32(16), view.getUint32(20)];
};

Deno.test("kernel: is installed by the task, seen by Jupyter, runs cells, and goes away again", async () => {
  const prefix = temporary(), jupyterPath = join(prefix, "share", "jupyter");
  const folder = join(jupyterPath, "kernels", "ptutils");
  const installed = await runTask("kernel", ["--prefix", prefix]);
  assert.equal(installed.code, 0, installed.err);
  assert.match(installed.out, /installed the kernel "Deno \(PTUtils\)" in .*\nNext: /);
  assert.ok(installed.out.includes(folder), installed.out);
  assert.deepEqual(namesIn(folder), files);
  assert.deepEqual([32, 64].map((size) => pngSize(join(folder, `logo-${size}x${size}.png`))), [[32, 32], [64, 64]]);
  assert.ok(Deno.statSync(join(folder, "plotly.min.js")).size > 4e6);

  const listed = await outcome(
    start(bin("jupyter"), ["kernelspec", "list", "--json"], prefix, { JUPYTER_PATH: jupyterPath }),
  );
  const { spec, resource_dir } = JSON.parse(listed.out).kernelspecs.ptutils;
  assert.equal(resource_dir, folder);
  assert.deepEqual(spec.argv, [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"]);
  assert.deepEqual([spec.display_name, spec.language], ["Deno (PTUtils)", "typescript"]);
  assert.equal(spec.interrupt_mode, "signal");

  const seen = 'Deno.writeTextFileSync("seen.json", JSON.stringify([1 + 1, Deno.env.get("PTUTILS_KERNEL")]));';
  const { code, err } = await executeCells(python, { folder: prefix, jupyterPath, cells: [seen] });
  assert.equal(code, 0, err);
  assert.deepEqual(JSON.parse(Deno.readTextFileSync(join(prefix, "seen.json"))), [2, "ptutils"]);

  const again = await runTask("kernel", ["--prefix", prefix]);
  assert.match(again.out, /installed again/);
  const removed = await runTask("kernel", ["--prefix", prefix, "--uninstall"]);
  assert.ok(removed.code === 0 && removed.out.includes(folder), removed.err);
  assert.deepEqual([namesIn(jupyterPath), namesIn(join(jupyterPath, "kernels"))], [["kernels"], []]);
  const nothing = await runTask("kernel", ["--prefix", prefix, "--uninstall"]);
  assert.equal(nothing.code, 1);
  assert.match(nothing.err, /^RangeError: Cannot uninstall the kernel: there is none at /m);
});

Deno.test("kernel: without a place goes where Jupyter looks for the user's", async () => {
  const home = temporary();
  const { out: info } = await outcome(start(Deno.execPath(), ["info", "--json"], home));
  const none = {
    DENO_DIR: JSON.parse(info).denoDir,
    JUPYTER_DATA_DIR: "",
    XDG_DATA_HOME: "",
    APPDATA: "",
    JUPYTER_PLATFORM_DIRS: "",
  };
  for (
    const env of [
      { ...none, HOME: home, USERPROFILE: home },
      { ...none, HOME: home, USERPROFILE: home, XDG_DATA_HOME: join(home, "data") },
      { ...none, HOME: home, USERPROFILE: home, JUPYTER_DATA_DIR: join(home, "own") },
    ]
  ) {
    const { code, err } = await runTask("kernel", [], env);
    assert.equal(code, 0, err);
    const { out } = await outcome(start(bin("jupyter"), ["--data-dir"], home, env));
    assert.deepEqual(namesIn(join(out.trim(), "kernels", "ptutils")), files);
  }
});

Deno.test("kernel: --sys-prefix means the environment that is active", async () => {
  const venv = temporary();
  const { code, err } = await runTask("kernel", ["--sys-prefix"], { VIRTUAL_ENV: venv });
  assert.equal(code, 0, err);
  assert.deepEqual(namesIn(join(venv, "share", "jupyter", "kernels", "ptutils")), files);
  if (Deno.env.get("VIRTUAL_ENV")) return;
  const { prefix } = await findPython("test");
  assert.equal(await kernelsFolder({ sysPrefix: true }), join(prefix, "share", "jupyter", "kernels"));
});

Deno.test("kernel: one that is not ours is neither replaced nor removed", async () => {
  const prefix = temporary(), folder = join(prefix, "share", "jupyter", "kernels", "ptutils");
  const text = JSON.stringify({ argv: ["other"], display_name: "Other", language: "typescript" });
  for (const foreign of [text, "not JSON", "null"]) {
    Deno.mkdirSync(folder, { recursive: true });
    Deno.writeTextFileSync(join(folder, "kernel.json"), foreign);
    await assert.rejects(
      installKernel({ prefix }),
      /^RangeError: Cannot install .* is there already, and was not made/,
    );
    await assert.rejects(uninstallKernel({ prefix }), /^RangeError: Cannot uninstall .* was not made by this project/);
    assert.equal(Deno.readTextFileSync(join(folder, "kernel.json")), foreign);
  }
});

Deno.test("kernel: what can't be is said", async () => {
  const file = join(temporary(), "file");
  Deno.writeTextFileSync(file, "");
  await assert.rejects(
    installKernel({ prefix: file }),
    /^Error: Cannot install the kernel: .* can't be written .*--prefix/,
  );
  await assert.rejects(installKernel({ prefix: file, sysPrefix: true }), /^RangeError: .* both .* are named/);
  assert.throws(
    () => requireDeno("install the kernel", "2.8.2"),
    /^Error: Cannot install the kernel: this is Deno 2.8.2/,
  );
  for (const enough of ["2.9.0", "2.10.1", "3.0.0-rc.1"]) requireDeno("install the kernel", enough);
  const both = await runTask("kernel", ["--user", "--sys-prefix"]);
  assert.ok(both.code === 1 && /--user and another place/.test(both.err), both.err);
});

Deno.test("kernel: one that hangs on npx's cache comes with a hint", () => {
  const join = (...parts: string[]) => parts.join(Deno.build.os === "windows" ? "\\" : "/");
  assert.match(hintsOn(join("", "home", ".npm", "_npx", "05b6", "node_modules", "deno", "deno")).join(), /cleaned/);
  assert.deepEqual(hintsOn(join("", "usr", "bin", "deno")), []);
});

Deno.test("kernel: is there whole or as it was, whatever fails, and whoever else installs it", async () => {
  const workshop = temporary(), folder = join(workshop, "kernels", "ptutils");
  const fill = (text: string) => (temporary: string) => Deno.writeTextFile(join(temporary, "a"), text);
  await replaceFolder(folder, workshop, fill("old"));
  await assert.rejects(
    replaceFolder(folder, workshop, async (temporary) => {
      await fill("new")(temporary);
      throw new Error("disk full");
    }),
    /disk full/,
  );
  assert.deepEqual([Deno.readTextFileSync(join(folder, "a")), namesIn(workshop)], ["old", ["kernels"]]);
  const prefix = temporary();
  await Promise.all(Array.from({ length: 4 }, () => installKernel({ prefix })));
  assert.deepEqual(namesIn(join(prefix, "share", "jupyter", "kernels", "ptutils")), files);
  assert.deepEqual(namesIn(join(prefix, "share", "jupyter")), ["kernels"]);
});

Deno.test("kernel: is left alone where it is the same, and replaced where it is another Deno's", async () => {
  const prefix = temporary(), kernel = join(await ensureKernel({ prefix }), "kernel.json");
  const inode = () => Deno.statSync(kernel).ino, before = inode(), text = Deno.readTextFileSync(kernel);
  await ensureKernel({ prefix });
  assert.equal(inode(), before);
  Deno.writeTextFileSync(kernel, text.replace(JSON.stringify(Deno.execPath()), '"/elsewhere/deno"'));
  await ensureKernel({ prefix });
  assert.equal(Deno.readTextFileSync(kernel), text);
});

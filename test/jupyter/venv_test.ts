import assert from "node:assert/strict";
import { join } from "node:path";
import { parseRequirements, requirements } from "../../src/jupyter/requirements.ts";
import { ensureVenv } from "../../src/jupyter/venv.ts";
import { temporary } from "../store/temporary.ts";
import { outcome, root, start } from "./tasks.ts";

const windows = Deno.build.os === "windows";

/** A program that answers like Python, notes what it was asked for, and fails where it is told to. */
function fakePython(
  { version = "3.12.1", venv = "", pip = "" }: { version?: string; venv?: string; pip?: string } = {},
) {
  const folder = temporary(), command = join(folder, "python"), log = join(folder, "log");
  const fail = (said: string) => said === "" ? "" : `echo '${said}' >&2; exit 1`;
  Deno.writeTextFileSync(
    command,
    `#!/bin/sh
case "$1 $2" in
  "-c "*) echo ${version}; echo /usr ;;
  "-m venv") echo venv >> ${log}; ${fail(venv)}
    mkdir -p "$3/bin"; cp ${command} "$3/bin/python"; touch "$3/pyvenv.cfg" ;;
  "-m pip") echo "pip $*" >> ${log}; ${fail(pip)} ;;
esac
`,
    { mode: 0o755 },
  );
  const asked = () => Deno.readTextFileSync(log).trim().split("\n");
  return { pythons: [command], asked };
}

Deno.test("venv: the project's own has JupyterLab as pinned, and a second call finds it", async () => {
  const venv = await ensureVenv({ root, tell: (line) => console.log(line) });
  const told: string[] = [];
  assert.deepEqual((await ensureVenv({ root, tell: (line) => told.push(line) })).python, venv.python);
  assert.deepEqual(told, []);
  const program = "import sys, importlib.metadata as m; print([m.version(n) for n in sys.argv[1:]])";
  const names = requirements().map((line) => line.split("=="));
  const { out } = await outcome(start(venv.python, ["-c", program, ...names.map(([name]) => name!)], root));
  assert.deepEqual(JSON.parse(out.replaceAll("'", '"')), names.map(([, version]) => version));
  assert.ok(Deno.statSync(venv.bin("jupyter")).isFile);
});

Deno.test("venv: requirements are pinned", () => {
  assert.ok(requirements().length > 0 && requirements().every((line) => /^[\w-]+==[\d.]+$/.test(line)));
  assert.deepEqual(parseRequirements("# a\nb==1 # c\r\n\nd==2"), ["b==1", "d==2"]);
});

Deno.test({
  name: "venv: is made once by several at once, added to, and made anew where it was left half made",
  ignore: windows,
  fn: async () => {
    const root = temporary(), { pythons, asked } = fakePython();
    const [first] = await Promise.all([1, 2, 3].map(() => ensureVenv({ root, pythons })));
    assert.equal(first!.prefix, join(root, ".venv"));
    assert.deepEqual(asked().map((line) => line.split(" ")[0]), ["venv", "pip"]);
    assert.ok(asked()[1]!.endsWith(requirements().join(" ")), asked()[1]!);

    await ensureVenv({ root, pythons, packages: ["more==1"] });
    await ensureVenv({ root, pythons });
    await ensureVenv({ root, pythons, packages: ["more==1"] });
    assert.deepEqual(asked().map((line) => line.split(" ")[0]), ["venv", "pip", "pip"]);

    const stray = join(first!.prefix, "stray"),
      [marker] = [...Deno.readDirSync(first!.prefix)]
        .map(({ name }) => join(first!.prefix, name)).filter((path) => path.endsWith("venv.json"));
    Deno.writeTextFileSync(stray, "");
    Deno.writeTextFileSync(marker!, '{ "state": "making", "requirements": [] }'); // as a killed process leaves it
    await ensureVenv({ root, pythons });
    assert.equal(await Deno.stat(stray).catch(() => "gone"), "gone");
    Deno.removeSync(first!.python); // as an update of the system's Python leaves it
    await ensureVenv({ root, pythons });
    assert.deepEqual(asked().slice(3).map((line) => line.split(" ")[0]), ["venv", "pip", "venv", "pip"]);
  },
});

Deno.test({
  name: "venv: what is missing is said, with how to get it; the next call tries again",
  ignore: windows,
  fn: async () => {
    const root = temporary();
    const says = (fake: { pythons: string[] }) => ensureVenv({ root, pythons: fake.pythons }).then(() => "", String);
    assert.match(
      await says({ pythons: ["no-such-python"] }),
      /no Python was found \(looked for no-such-python\); get /,
    );
    assert.match(await says(fakePython({ version: "3.9.2" })), /is Python 3.9.2, which is too old; get Python 3.10/);
    const lacks = "The virtual environment was not created successfully because ensurepip is not available.";
    assert.match(await says(fakePython({ venv: lacks })), /lacks its module venv or ensurepip; .*python3-venv/);
    const offline = "ERROR: NewConnectionError: https://me:secret@index.example/simple: Name or service not known";
    const said = await says(fakePython({ pip: offline }));
    assert.match(said, /^Error: Cannot install JupyterLab: .*; the package index can.t be reached/);
    assert.ok(!said.includes("secret"), said);
    assert.match(await says(fakePython({ pip: "ERROR: No space left on device" })), /make room on the disk/);
    assert.equal(await says(fakePython()), "");
  },
});

Deno.test("venv: another environment in its place is left alone", async () => {
  const root = temporary(), venv = join(root, ".venv");
  Deno.mkdirSync(venv);
  Deno.writeTextFileSync(join(venv, "pyvenv.cfg"), "");
  await assert.rejects(
    ensureVenv({ root }),
    /^RangeError: .* holds another one, not made by this project; move it away/,
  );
  assert.deepEqual([...Deno.readDirSync(venv)].map(({ name }) => name), ["pyvenv.cfg"]);
});

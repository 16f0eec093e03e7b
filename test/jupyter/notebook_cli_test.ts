import assert from "node:assert/strict";
import { localPython } from "../../src/jupyter/local_python.ts";
import { outcome } from "../cli/program.ts";
import { temporary } from "../store/temporary.ts";
import { importParams, mapLibrary, shown, writeCells } from "./notebooks.ts";

const folder = temporary();
await mapLibrary(folder);
const python = await localPython(console.log);

/** What it may: only this machine, and only a Python. */
const permissions = [
  "--allow-read",
  "--allow-write",
  "--allow-net=127.0.0.1",
  "--allow-sys=hostname",
  `--allow-run=${python}`,
  "--allow-env=PTUTILS_TRACE,PTUTILS_PYTHON,INIT_CWD,JUPYTER_TOKEN,JUPYTER_CONFIG_DATA,JEST_WORKER_ID," +
  "WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE,LOG_TOKENS,LOG_STREAM,NO_COLOR,FORCE_COLOR,CLICOLOR_FORCE",
];

function start(args: readonly string[], env: Record<string, string> = {}): Deno.ChildProcess {
  const program = new URL("notebook_program.ts", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...permissions, program, "notebook", "run", ...args],
    cwd: folder,
    env: { NO_COLOR: "1", PTUTILS_PYTHON: python, INIT_CWD: folder, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

Deno.test("notebook run: a line for each cell; parameters from the command line; in place", async () => {
  await writeCells(`${folder}/a.ipynb`, [`${importParams}\nconst p = params({ epochs: 20, name: "" });`, "p"]);
  const set = ["--set", "epochs=3", "--set", "name=base"];
  const { code, out, err } = await outcome(start(["a.ipynb", "a.ipynb", ...set]));
  assert.equal(code, 0, err);
  assert.match(
    out,
    /^\[1\/3\] .*\n\[2\/3\] import \{ params \} from "ptutils"; {2}\d+\.\d s\n\[3\/3\] p {2}\d+\.\d s\n$/,
  );
  assert.deepEqual(await shown(`${folder}/a.ipynb`), ["", "", '{ epochs: 3, name: "base" }']);
});

Deno.test("notebook run: an error's text, where it was, and status 1", async () => {
  await writeCells(`${folder}/b.ipynb`, ["throw new TypeError('no good')", "1"]);
  const { code, out, err } = await outcome(start(["b.ipynb", "out.ipynb"]));
  assert.equal(code, 1);
  assert.match(out, /failed\n$/);
  assert.match(err, /TypeError: no good\n.*\ncell 1 failed; what was done stands in out\.ipynb\n$/s);
});

Deno.test("notebook run: a server that it may not reach, or that is none, is said; the token is not", async () => {
  const token = "a-secret-token";
  await writeCells(`${folder}/c.ipynb`, ["1"]);
  for (
    const [url, found] of [["http://192.0.2.1:8888", "--allow-net=192.0.2.1:8888"], ["http://127.0.0.1:1", "nothing"]]
  ) {
    const { code, out, err } = await outcome(
      start(["c.ipynb", "out.ipynb", "--server", url!], { JUPYTER_TOKEN: token, PTUTILS_TRACE: "1" }),
    );
    assert.equal(code, 1);
    assert.ok(err.includes(found!), err);
    assert.ok(!`${out}${err}`.includes(token));
  }
});

Deno.test("notebook run: Ctrl-C has the run saved, and ends with status 130", async () => {
  const session = `import { Session } from "ptutils";
    const session = await Session.configure({
      name: "stopped",
      trainer: { looper: { epochs: 100000 } },
      dataProvider: { datasets: { train: "Digits" } },
    });`;
  const run = `session.statistics$.subscribe(() => Deno.writeTextFileSync("going", ""));
    await session.run(); session.status.phase`;
  await writeCells(`${folder}/d.ipynb`, [session, run, "'not reached'"]);
  const child = start(["d.ipynb", "out.ipynb"]);
  const ended = outcome(child);
  while (!await Deno.stat(`${folder}/going`).catch(() => false)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGINT");
  const { code, err } = await ended;
  assert.equal(code, 130, err);
  const shows = await shown(`${folder}/out.ipynb`);
  assert.match(shows[1]!, /"interrupted"$/);
  assert.equal(shows[2], "");
  assert.ok([...Deno.readDirSync(`${folder}/runs/runs/stopped/checkpoints`)].length > 0);
});

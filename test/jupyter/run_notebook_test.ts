import assert from "node:assert/strict";
import process from "node:process";
import { openNotebook } from "../../src/jupyter/ipynb.ts";
import { localPython } from "../../src/jupyter/local_python.ts";
import { startServer } from "../../src/jupyter/local_server.ts";
import { type NotebookOutcome, runNotebook, type RunNotebookOptions } from "../../src/jupyter/run_notebook.ts";
import type { Json } from "../../src/module/value.ts";
import { temporary } from "../store/temporary.ts";
import { importParams, mapLibrary, shown, type Source, writeCells } from "./notebooks.ts";

const folder = temporary();
await mapLibrary(folder);
const python = await localPython(console.log);
// One for all: to the runs it is a server somewhere.
const server = await startServer({ python, root: folder });
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

let count = 0;
const input = () => `${folder}/in${++count}.ipynb`, output = () => `${folder}/out${count}.ipynb`;

/** Runs a notebook of some cells; what it showed, and how it ended. */
async function run(
  cells: readonly Source[],
  options: Partial<RunNotebookOptions> = {},
): Promise<NotebookOutcome & { shows: string[] }> {
  const path = input();
  await writeCells(path, cells);
  const where = { url: server.url, token: server.settings.token };
  const outcome = await runNotebook({ input: path, output: output(), server: where, ...options });
  return { ...outcome, shows: await shown(output()) };
}

const show = (kind: string, content: string) => `await ${send(kind, content)}`;
/** A cell's outputs, sorted: what it prints goes its own way through the kernel, on a busy machine behind its result. */
const inAnyOrder = (shown: string) => shown.split("|").sort().join("|");
const send = (kind: string, content: string) => `Deno.jupyter.broadcast("${kind}", ${content})`;
const text = (words: string, id: string) =>
  `{ data: { "text/plain": "${words}" }, metadata: {}, transient: { display_id: "${id}" } }`;

Deno.test("run notebook: outputs of every kind, each under its own cell; the file is a valid notebook", async () => {
  const { status, notebook, shows } = await run([
    "6 * 7",
    "console.log('out'); console.log('more'); console.error('err');",
    show("display_data", text("first", "a")),
    show("update_display_data", text("second", "a")),
    `console.log("gone"); ${show("clear_output", "{ wait: false }")}; console.log("stays");`,
    `console.log("gone"); ${show("clear_output", "{ wait: true }")}; console.log("stays");`,
    show("clear_output", "{ wait: true }"),
  ]);
  assert.equal(status, "completed");
  assert.deepEqual(shows.map(inAnyOrder), [
    "42",
    "stderr:err\n|stdout:out\nmore\n",
    "second",
    "",
    "stdout:stays\n",
    "stdout:stays\n",
    "",
  ]);
  assert.deepEqual(notebook.cells.map((cell) => cell.execution_count), [1, 2, 3, 4, 5, 6, 7]);
  assert.ok(notebook.cells.every(({ metadata }) => "iopub.execute_input" in (metadata.execution as object)));
  assert.equal((notebook.metadata.language_info as { name: string }).name, "typescript");
  const check = "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], as_version=4))";
  const { success, stderr } = await new Deno.Command(python, { args: ["-W", "error", "-c", check, output()] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
});

Deno.test("run notebook: of a hundred cells none has another's output, nor do updates from the background", async () => {
  const cells = Array.from({ length: 100 }, (_, i) => `console.log(${i}); console.log("and"); ${i}`);
  const background = `let n = 0;
    const timer = setInterval(() => ${send("update_display_data", text('" + ++n + "', "b"))}, 5);
    ${show("display_data", text("0", "b"))}`;
  const { shows } = await run([background, ...cells, "clearInterval(timer); n"]);
  assert.deepEqual(shows.slice(1, -1).map(inAnyOrder), cells.map((_, i) => `${i}|stdout:${i}\nand\n`));
  assert.equal(shows[0], shows.at(-1));
  assert.ok(Number(shows[0]) > 0);
});

Deno.test("run notebook: the first error ends it; what was done is saved", async () => {
  const { status, error, shows } = await run([
    { source: "throw new RangeError('expected')", tags: ["raises-exception"] },
    "console.log('before'); throw new TypeError('no good')",
    "'never'",
  ]);
  assert.equal(status, "failed");
  assert.deepEqual([error?.cell, error?.ename, error?.evalue], [2, "TypeError", "no good"]);
  assert.deepEqual(shows.map(inAnyOrder), ["!RangeError", "!TypeError|stdout:before\n", ""]);
  const { metadata } = await openNotebook(output());
  assert.equal((metadata.ptutils as { execution: { status: string } }).execution.status, "failed");
});

Deno.test("run notebook: what can't be parsed says where, and is not run", async () => {
  const { error, shows } = await run(["const a = 1;\nconsole.log('not run');\nconst b = = 2;"]);
  assert.equal(error?.ename, "SyntaxError");
  assert.match(error!.evalue, /3 \| const b = = 2;/);
  assert.deepEqual(shows, ["!SyntaxError"]);
});

Deno.test("run notebook: parameters reach params(), and variables of a tagged cell; the cell of before is replaced", async () => {
  const cells = [
    { source: "let size = 1;", tags: ["parameters"] },
    `${importParams}\nconst { epochs, tags } = params({ epochs: 20, tags: ["a"] });`,
    "JSON.stringify({ epochs, tags, size })",
  ];
  const first = await run(cells, { parameters: { epochs: 3, tags: ["\u2028"], size: 2 } });
  assert.equal(first.error, undefined);
  assert.equal(first.shows.at(-1), `'{"epochs":3,"tags":["\u2028"],"size":2}'`);
  assert.deepEqual(first.notebook.cells.map((cell) => cell.metadata.tags), [
    ["parameters"],
    ["injected-parameters"],
    [],
    [],
  ]);
  const path = output(), where = { url: server.url, token: server.settings.token };
  const again = await runNotebook({ input: path, output: path, server: where, parameters: { epochs: 4 } });
  assert.equal(again.notebook.cells.length, 4);
  assert.equal((await shown(path)).at(-1), `'{"epochs":4,"tags":["a"],"size":1}'`);
  assert.deepEqual((again.notebook.metadata.ptutils as { execution: { parameters: object } }).execution.parameters, {
    epochs: 4,
  });
});

Deno.test("run notebook: a cell that is tagged and calls params() gets its values, too", async () => {
  const cells = [{ source: `${importParams}\nconst p = params({ epochs: 20 });`, tags: ["parameters"] }, "p.epochs"];
  assert.deepEqual((await run(cells, { parameters: { epochs: 3 } })).shows, ["", "", "3"]);
});

Deno.test("run notebook: a name that nothing declares is an error, at the last call of params()", async () => {
  const cells = [importParams, "params({ epochs: 20 }).epochs", "params({ rate: 0.1 }).rate", "'not reached'"];
  assert.deepEqual((await run(cells, { parameters: { rate: 0.2 } })).shows, ["", "", "20", "0.2", '"not reached"']);
  const wrong = await run(cells, { parameters: { raet: 0.2 } });
  assert.deepEqual(wrong.shows, ["", "", "20", "0.1|!TypeError", ""]);
  assert.match(wrong.error!.evalue, /there is no "raet" \(did you mean "rate"\?\); there are "epochs", "rate"/);
  await assert.rejects(run(["1"], { parameters: { rate: 1 } }), /Cannot set rate: the notebook declares no parameters/);
  const tagged = { source: "let rate = 1", tags: ["parameters"] };
  await assert.rejects(run([tagged], { parameters: { raet: 1 } }), /Cannot set raet: .* no variable of this name/);
});

Deno.test("run notebook: a kernel that is killed in mid-cell ends it; what was done is saved", async () => {
  const { status, error, shows } = await run([
    "console.log('a')",
    "console.log('b'); Deno.kill(Deno.pid, 'SIGKILL')",
    "1",
  ]);
  assert.equal(status, "failed");
  assert.match(error!.evalue, /Cannot go on with the kernel "ptutils": it died/);
  assert.deepEqual([shows[0], shows[2]], ["stdout:a\n", ""]);
  assert.match(shows[1]!, /!KernelLost$/);
});

const listening = "globalThis.stopped = false; Deno.addSignalListener('SIGINT', () => { stopped = true; });";
const untilStopped = "while (!stopped) await new Promise((resolve) => setTimeout(resolve, 10)); console.log('saved');";

Deno.test("run notebook: stopped, the cell ends as by the Stop button, and the run with it", async () => {
  const controller = new AbortController();
  const { status, error, shows } = await run([`${listening}; 0`, untilStopped, "1"], {
    signal: controller.signal,
    tell: (progress) => progress.type === "cell" && progress.cell === 2 && controller.abort(),
  });
  assert.deepEqual([status, error], ["interrupted", undefined]);
  assert.deepEqual(shows, ["0", "stdout:saved\n", ""]);
});

Deno.test("run notebook: given up, it does not wait for a cell that does not listen", async () => {
  const controller = new AbortController();
  const { status, shows } = await run(["await new Promise(() => setInterval(() => {}, 1000))", "1"], {
    abandon: controller.signal,
    tell: (progress) => progress.type === "cell" && controller.abort(),
  });
  assert.deepEqual([status, ...shows], ["interrupted", "!KernelLost", ""]);
});

Deno.test("run notebook: a cell that takes too long is stopped, and fails", async () => {
  // Long enough for the first cell, also on a busy machine.
  const { status, error, shows } = await run([listening, untilStopped, "1"], { timeout: 5 });
  assert.equal(status, "failed");
  assert.match(error!.evalue, /longer than 5 s/);
  assert.deepEqual(shows.slice(1).map(inAnyOrder), ["!RangeError|stdout:saved\n", ""]);
});

const slow = (name: string, steps: number) =>
  `import { register, Session, Trainer } from "ptutils";
  class Slow extends Trainer {
    async step(batch) { await new Promise((resolve) => setTimeout(resolve, 20)); return super.step(batch); }
  }
  register(Slow);
  const session = await Session.configure({
    name: "${name}",
    trainer: { Slow: { looper: { steps: ${steps} } } },
    dataProvider: { datasets: { train: "Digits" } },
  });
  session.start();
  session.view()`;

/** There when the notebook waits for a run behind its last cell. */
const waitedFor = `${folder}/waited-for`;
/** Has a run's step begin then. */
const whenWaitedFor = `while (!await Deno.stat(${JSON.stringify(waitedFor)}).catch(() => {})) {
  await new Promise((resolve) => setTimeout(resolve, 20));
}`;

/** Runs a notebook that ends with a run in the background; how it ended, and what stands under the cell with its view. */
async function runBehind(cells: readonly string[], options: Partial<RunNotebookOptions> = {}) {
  const notes: string[] = [];
  await Deno.remove(waitedFor).catch(() => {});
  const { status, error, notebook } = await run(cells, {
    tell: (progress) => {
      if (progress.type !== "note") return;
      notes.push(progress.text);
      Deno.writeTextFileSync(waitedFor, "");
    },
    ...options,
  });
  const [view] = notebook.cells[0]!.outputs!, data = view!.data as Record<string, unknown>;
  return { status, error, notes, types: Object.keys(data).sort(), text: String(data["text/plain"]) };
}

const untilSteps = "while (session.history.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));";
const kept = [
  "application/vnd.plotly.v1+json",
  "application/vnd.ptutils.run+json",
  "image/png",
  "text/html",
  "text/plain",
];

Deno.test("run notebook: a run that goes on behind the last cell is waited for, and shown as it ended", async () => {
  const { status, notes, types, text } = await runBehind([
    slow("behind", 10).replace("return super", `${whenWaitedFor} return super`),
  ]);
  assert.deepEqual([status, notes], ["completed", ['waiting for the run "behind", still in the background']]);
  assert.deepEqual(types, kept);
  assert.match(text, /completed: 10 steps are done/);
});

Deno.test("run notebook: what ends the notebook has a run in the background saved and shown, too", async () => {
  const failing = await runBehind([slow("failing", 10_000), untilSteps, "throw new Error('no')"]);
  assert.deepEqual([failing.status, failing.error?.evalue, failing.types], ["failed", "no", kept]);
  assert.match(failing.text, /interrupted: SIGINT[^]*saved in runs/);

  const controller = new AbortController(), abort = () => controller.abort();
  const stopped = await runBehind([slow("stopped", 10_000), untilSteps], {
    signal: controller.signal,
    tell: (progress) => progress.type === "note" && abort(),
  });
  assert.deepEqual([stopped.status, stopped.types], ["interrupted", kept]);

  // Long enough for the cells themselves, also on a busy machine.
  const late = await runBehind([slow("late", 10_000), untilSteps], { timeout: 20 });
  assert.deepEqual([late.status, late.types], ["failed", kept]);
  assert.match(late.error!.evalue, /^Cannot let the run "late" go on: longer than 20 s after the last cell; saved$/);
});

Deno.test("run notebook: a run that fails in the background fails the notebook", async () => {
  const broken = slow("broken", 5).replace("return super.step(batch)", `${whenWaitedFor} throw new Error('no data')`);
  const { status, error, text } = await runBehind([broken]);
  assert.equal(status, "failed");
  assert.match(error!.evalue, /the run "broken" failed in the background: no data/);
  assert.match(text, /failed: no data/);
});

Deno.test("run notebook: a run that failed before the last cell fails the notebook, unless somebody heard of it", async () => {
  const broken = slow("broken", 5).replace("return super.step(batch)", "throw new Error('no data')");
  const untilFailed =
    "while (session.status.phase !== 'failed') await new Promise((resolve) => setTimeout(resolve, 10));";
  const { status, error } = await run([broken, untilFailed, "1"]);
  assert.equal(status, "failed");
  assert.match(error!.evalue, /^the run "broken" failed in the background: no data$/);

  const caught = await run([broken, "await session.done.catch(({ message }) => console.log(message))", "1"]);
  assert.deepEqual([caught.status, ...caught.shows.slice(1)], ["completed", "stdout:no data\n", "1"]);
});

Deno.test("run notebook: a secret is not set, for the notebook would hold it", async () => {
  const secrets: Json[] = [{ apiKey: "abc" }, { net: { db_password: "abc" } }, { token: 12 }];
  for (const parameters of secrets as Record<string, Json>[]) {
    const refused = await run(["1"], { parameters }).catch((error) => error);
    assert.match(refused.message, /Cannot set ".*": by its name it is a secret, .*Deno\.env\.get\("[A-Z_]+"\)/);
    assert.ok(!refused.message.includes("abc"));
    assert.equal(await Deno.stat(output()).catch(() => undefined), undefined);
  }
  const cells = [`${importParams}\nparams({ maxTokens: 1, tokenizer: "" }).maxTokens`];
  assert.deepEqual((await run(cells, { parameters: { maxTokens: 5, tokenizer: "bpe" } })).shows, ["", "5"]);
});

Deno.test("run notebook: what keeps it from beginning is said, and leaves the output alone", async () => {
  const path = input(), out = output(), token = "a-wrong-token";
  await writeCells(path, ["1"]);
  await Deno.writeTextFile(out, "old");
  const attempt = (options: Partial<RunNotebookOptions>) =>
    runNotebook({ input: path, output: out, server: { url: server.url, token: server.settings.token }, ...options });
  const refused = await attempt({ server: { url: server.url, token } }).catch((error) => error);
  assert.match(refused.message, /does not let us in \(403\); check the token in JUPYTER_TOKEN/);
  assert.ok(!Deno.inspect(refused, { depth: 9 }).includes(token));
  await assert.rejects(attempt({ server: { url: server.url } }), /put its token into the environment/);
  const secret = await attempt({ server: { url: `${server.url}lab?token=${token}` } }).catch((error) => error);
  assert.match(secret.message, /it holds a secret/);
  assert.ok(!secret.message.includes(token));
  await assert.rejects(attempt({ server: { url: "localhost" } }), /it is no address/);
  await assert.rejects(attempt({ server: { url: "http://127.0.0.1:1/" } }), /Cannot reach a Jupyter server/);
  await assert.rejects(attempt({ kernel: "ptutil" }), /no kernel|none of this name; did you mean "ptutils"/);
  await assert.rejects(attempt({ output: `${folder}/nowhere/out.ipynb` }), /the folder .*nowhere is not there/);
  await assert.rejects(attempt({ output: folder }), /it is a folder/);
  await Deno.chmod(out, 0o444);
  await assert.rejects(attempt({}), /it is read-only/);
  await Deno.chmod(out, 0o644);
  await assert.rejects(attempt({ input: `${folder}/none.ipynb` }), /there is no such file/);
  await Deno.writeTextFile(`${folder}/text.ipynb`, "hello");
  await assert.rejects(attempt({ input: `${folder}/text.ipynb` }), /Cannot read the notebook/);
  await assert.rejects(attempt({ server: undefined, python: "no-such-python" }), /Cannot start a Jupyter server/);
  assert.equal(await Deno.readTextFile(out), "old");
});

Deno.test("run notebook: a kernel that is not there gives way to ours; one of another language does not", async () => {
  const notes: string[] = [];
  const path = input(), where = { url: server.url, token: server.settings.token };
  await writeCells(path, ["Deno.cwd().split('/').at(-1)"], "gone");
  const tell: RunNotebookOptions["tell"] = (progress) => progress.type === "note" && notes.push(progress.text);
  await runNotebook({ input: path, output: output(), server: where, tell });
  assert.deepEqual(notes, ['there is no kernel "gone": using "ptutils"']);
  assert.deepEqual(await shown(output()), [`"${folder.split("/").at(-1)}"`]);
  const julia = (await Deno.readTextFile(path)).replace('"language": "typescript"', '"language": "julia"');
  await Deno.writeTextFile(path, julia);
  await assert.rejects(
    runNotebook({ input: path, output: output(), server: where }),
    /the server has no kernel "gone"; there are .*"ptutils".*--kernel/,
  );
});

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

Deno.test("run notebook: without a server it has one of its own, which ends with its kernels", async () => {
  const { shows } = await run(["Deno.pid"], { server: undefined, python });
  assert.equal(isThere(Number(shows[0])), false);
});

Deno.test("run notebook: killed, it leaves no kernel behind", async () => {
  const path = input();
  await writeCells(path, ["Deno.pid", "await new Promise(() => setInterval(() => {}, 1000))"]);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("notebook_child.ts", import.meta.url).pathname, path, output(), python],
    stdout: "piped",
  }).spawn();
  await child.stdout.getReader().read(); // it is in the second cell
  child.kill("SIGKILL");
  await child.status;
  const pid = Number((await shown(output()))[0]);
  assert.ok(pid > 0);
  while (isThere(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
});

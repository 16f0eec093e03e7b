import assert from "node:assert/strict";
import { mime } from "../../src/notebook/bundle.ts";
import { viewBudget } from "../../src/notebook/still.ts";
import { configuring, importing, telling, told } from "./experiments.ts";
import { pointsOf, restored } from "./page.ts";
import { browserTest } from "./setup.ts";
import { Notebook } from "./page.ts";

browserTest("a run's chart grows while it runs, and what stays is small", async ({ open, folder, python }) => {
  const notebook = await open("grows", [importing + configuring({ name: "grows" }), "await session.run();", telling]);
  await notebook.run(0);
  const ended = notebook.run(1);
  const first = await notebook.untilPoints(1, 0);
  const later = await notebook.untilPoints(1, pointsOf(first) + 20);
  assert.match(later.parts.phase!, /running/);
  assert.notEqual(later.parts.line, first.parts.line);
  assert.ok(parseFloat(later.parts.bar!) > parseFloat(first.parts.bar!));
  assert.ok(later.plots[0]!.drawn >= 2);
  await ended;
  const last = await notebook.until(1, ({ plots }) => plots.some(({ live, drawn }) => !live && drawn > 0));
  assert.match(last.text, /completed/);
  assert.deepEqual([last.errors, last.frames, last.plots.length], [[], [], 1]);
  await notebook.run(2);
  assert.deepEqual(told((await notebook.see(2)).text), { phase: "completed", step: 300, once: true });

  await notebook.save();
  const text = await Deno.readTextFile(`${folder}/grows.ipynb`);
  const [view] = JSON.parse(text).cells[1].outputs;
  assert.ok(mime.record in view.data && mime.plotly in view.data && mime.png in view.data);
  assert.ok(JSON.stringify(view).length < viewBudget, `${JSON.stringify(view).length} bytes`);
  assert.ok(text.length < 2 * viewBudget && !text.includes("ptutils.frame") && !text.includes("ptutils.open"));
  const check = "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], as_version=4))";
  const { success, stderr } = await new Deno.Command(python, { args: ["-c", check, `${folder}/grows.ipynb`] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
});

browserTest("a page loaded again in mid-run: view() draws it all and follows", async ({ open, page }) => {
  const cells = [importing + configuring({ name: "again", steps: 900 }), "session.start();", "session.view()", telling];
  let notebook = await open("again", cells);
  await notebook.run(0);
  await notebook.run(1);
  await notebook.run(2);
  const before = await notebook.untilPoints(2, 60);
  await notebook.save();
  await page.reload();
  await restored(page);
  notebook = await Notebook.open(page, notebook.path);
  await notebook.run(2);
  const drawn = await notebook.untilPoints(2, 0);
  assert.ok(pointsOf(drawn) >= pointsOf(before));
  assert.match((await notebook.untilPoints(2, pointsOf(drawn))).parts.phase!, /running/);
  await notebook.stopUnder(2);
  await notebook.until(2, ({ text }) => /interrupted/.test(text));
  await notebook.run(3);
  assert.equal(told((await notebook.see(3)).text).once, true);
});

import assert from "node:assert/strict";
import { viewBudget } from "../../src/notebook/still.ts";
import { configuring, importing, tell } from "./experiments.ts";
import { stockKernel } from "./jupyter_lab.ts";
import { pointsOf } from "./page.ts";
import { browserTest } from "./setup.ts";

browserTest("two notebooks at once: each has its own outputs", async ({ open }) => {
  const names = ["left", "right"], notebooks = [];
  for (const name of names) {
    const run = `session.events$.pipe(on("end_of_training_step"))
  .subscribe(({ step }) => step % 50 || console.log("${name}", step));
await session.run();`;
    notebooks.push(await open(name, [importing + configuring({ name, steps: 200 }), run]));
  }
  await Promise.all(notebooks.map((notebook) => notebook.runAll()));
  for (const [i, notebook] of notebooks.entries()) {
    const { text, errors } = await notebook.until(1, ({ text }) => /completed/.test(text));
    assert.deepEqual(errors, []);
    assert.deepEqual(text.match(/(left|right) \d+/g), [50, 100, 150, 200].map((step) => `${names[i]} ${step}`));
    assert.deepEqual(await tell(notebook), { phase: "completed", step: 200, once: true });
  }
});

browserTest("Run All of 200 cells: each output under its own", async ({ open }) => {
  const cells = Array.from({ length: 200 }, (_, i) => `console.log("log ${i}"); ${i}`);
  const notebook = await open("many", [importing, ...cells]);
  await notebook.runAll();
  // deno-lint-ignore no-control-regex
  const plain = (text: unknown) => String(text).replaceAll(/\u001b\[\d+m/g, "");
  const shown = (await notebook.outputs()).slice(1).map((outputs) =>
    outputs.map(({ text, data }) => plain(text ?? (data as Record<string, string>)["text/plain"]))
  );
  assert.deepEqual(shown, cells.map((_, i) => [`log ${i}\n`, `${i}`]));
});

browserTest("in Deno's own kernel the chart comes, too; what is better with ours is said once", async (place) => {
  const { open, otherPage, folder } = place, page = await otherPage();
  await page.route("**/plotly.min.js", (route) => route.abort()); // as if our kernel had never been installed
  const cells = [importing + configuring({ name: "stock", steps: 3000 }), "await session.run();", "session.view()"];
  const notebook = await open("stock", cells, { kernel: stockKernel, page });
  await notebook.run(0);
  const ended = notebook.run(1);
  const drawn = await notebook.untilPoints(1, 0);
  await notebook.untilPoints(1, pointsOf(drawn));
  await notebook.stop();
  await ended;
  await notebook.run(2);
  await notebook.until(2, ({ text }) => /interrupted/.test(text));
  await notebook.save();
  const text = await Deno.readTextFile(`${folder}/stock.ipynb`);
  assert.equal(text.split("npx deno task kernel").length, 2);
  assert.ok(text.length < 2 * viewBudget + 5_000, `${text.length} bytes`);
});

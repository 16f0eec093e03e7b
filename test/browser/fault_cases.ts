import assert from "node:assert/strict";
import { stockKernel } from "./jupyter_lab.ts";
import { configuring, importing, telling, told } from "./experiments.ts";
import { pointsOf } from "./page.ts";
import { browserTest } from "./setup.ts";

browserTest("subscribers that throw: training goes on, the view warns, the cell ends in time", async ({ open }) => {
  const throwing = `
const steps$ = session.events$.pipe(on("end_of_training_step"));
steps$.subscribe(({ step }) => { if (step === 10) throw new Error("in the step"); });
steps$.subscribe(async ({ step }) => { if (step === 20) throw new Error("in a promise"); });
steps$.subscribe(({ step }) => { if (step === 30) setTimeout(() => { throw new Error("in a timer"); }, 5); });`;
  const cells = [importing + configuring({ name: "throwing", steps: 120 }) + throwing, "await session.run();", telling];
  const notebook = await open("throwing", cells);
  await notebook.run(0);
  const begun = Date.now();
  const ended = notebook.run(1);
  const all = ["in the step", "in a promise", "in a timer"];
  await notebook.until(1, ({ parts }) => all.every((words) => parts.warnings?.includes(words)));
  await ended;
  assert.ok(Date.now() - begun < 20_000); // an error in a timer would hold up the cell for half a minute
  const { text, errors } = await notebook.until(1, ({ text }) => /completed/.test(text));
  assert.ok(all.every((words) => text.includes(words)), text);
  assert.deepEqual(errors, []);
  await notebook.run(2);
  assert.deepEqual(told((await notebook.see(2)).text), { phase: "completed", step: 120, once: true });
});

browserTest(
  "a cell run again while its run goes on: its classes are new, the first is stopped and saved, the second goes on",
  async ({ open }) => {
    const cell = configuring({ name: "twice", steps: 2000 })
      .replace("class Pace", "class MyTrainer extends Trainer {}\nregister(MyTrainer);\nclass Pace")
      .replace("trainer: {", "trainer: { MyTrainer: {").replace("  dataProvider:", "  }, dataProvider:");
    const notebook = await open("twice", [
      importing + "const sessions: Session[] = [];",
      `${cell}\nsessions.push(session);\nsession.start();\nsession.view()`,
      "await sessions[1]!.stop(); console.log(sessions.map(({ status }) => status.phase).join(), sessions[1]!.status.restored);",
      telling,
    ]);
    await notebook.run(0);
    await notebook.run(1);
    const first = await notebook.untilPoints(1, 30);
    await notebook.run(1);
    const second = await notebook.until(
      1,
      ({ plots, frames }) => plots.some(({ live }) => live) && frames.length === 1,
    );
    await notebook.untilPoints(1, pointsOf(second) + 10);
    assert.ok(pointsOf(second) >= pointsOf(first) / 2);
    await notebook.run(2);
    assert.match((await notebook.see(2)).text, /interrupted,interrupted true/);
    await notebook.run(3);
    assert.equal(told((await notebook.see(3)).text).once, true);
  },
);

browserTest("in Deno's own kernel the chart comes, too; what is better with ours is said once", async (place) => {
  const { open, otherPage, folder } = place, page = await otherPage();
  await page.route("**/plotly.min.js", (route) => route.abort()); // as if our kernel had never been installed
  const cells = [importing + configuring({ name: "stock", steps: 600 }), "await session.run();", "session.view()"];
  const notebook = await open("stock", cells, { kernel: stockKernel, page });
  await notebook.run(0);
  const ended = notebook.run(1);
  const drawn = await notebook.untilPoints(1, 0);
  await notebook.untilPoints(1, pointsOf(drawn));
  await ended;
  await notebook.run(2);
  await notebook.until(2, ({ text }) => /completed/.test(text));
  await notebook.save();
  const text = await Deno.readTextFile(`${folder}/stock.ipynb`);
  assert.equal(text.split("npx deno task kernel").length, 2);
  assert.ok(text.length < 150_000, `${text.length} bytes`);
});

import assert from "node:assert/strict";
import { configuring, importing, tell } from "./experiments.ts";
import { Notebook, pointsOf, restored } from "./page.ts";
import { browserTest } from "./setup.ts";

browserTest("training goes on between cells", async ({ open, step, page }) => {
  const told = `session.events$.pipe(on("end_of_training_step"))
  .subscribe(({ step }) => step % 20 || console.log("at", step));`;
  let notebook = await open("between", [
    importing + "const sessions: Session[] = [];",
    configuring({ name: "between", steps: 3000 }) + "sessions.push(session);",
    `${told} session.start(); session.view()`,
  ]);
  for (const cell of [0, 1, 2]) await notebook.run(cell);

  await step("a cell changes it, what it logs harms nothing, a chart of one's own grows", async () => {
    const cell = await notebook.runNew(`chart(session.history$, { series: ["loss"], title: "my own" })`);
    const drawn = await notebook.untilPoints(cell, 0);
    await notebook.runNew("session.trainer.model.optimizer.learningRate = 0.0005");
    await notebook.untilPoints(cell, pointsOf(drawn) + 20);
    const changed = `(await session.journal()).find(({ trigger }) => trigger === "parameter_changed")?.payload`;
    assert.match((await notebook.see(await notebook.runNew(changed))).text, /learningRate[\s\S]*0\.0005/);
    const subscribed = await notebook.runNew("session.history$.subscribe(() => {})");
    // Not all of rxjs, and perhaps with what the training logs around it.
    await notebook.until(subscribed, ({ text }) => text.split("\n").includes("Subscription (open)"));
    const logs = (await notebook.outputs()).flat().map(({ text = "" }) => String(text)).join("");
    assert.match(logs, /at 20\nat 40\n/);
  });

  await step("a page loaded again: view() in any cell draws all of it and follows", async () => {
    const before = pointsOf(await notebook.see(2));
    await notebook.save();
    await page.reload();
    await restored(page);
    notebook = await Notebook.open(page, notebook.path);
    const cell = await notebook.runNew("session.view()");
    const drawn = pointsOf(await notebook.untilPoints(cell, 0));
    assert.ok(before > 0 && drawn >= before, `${drawn} of ${before} points`);
    assert.match((await notebook.untilPoints(cell, drawn)).parts.phase!, /running/);
  });

  await step(
    "the cells run again, their classes too: the first run is stopped and saved, the next goes on",
    async () => {
      await notebook.run(1);
      await notebook.run(2);
      await notebook.until(2, ({ parts }) => /running/.test(parts.phase ?? ""));
      await notebook.untilPoints(2, 20);
      const both = `console.log(sessions.map(({ status: { phase, restored } }) => [phase, restored]).join(" "))`;
      const told = await notebook.runNew(both);
      await notebook.until(told, ({ text }) => text.split("\n").includes("interrupted,false running,true"));
    },
  );

  await step("stop() ends it, and what stays is drawn", async () => {
    await notebook.runNew("await session.stop()");
    await notebook.until(2, ({ text, plots }) => /interrupted/.test(text) && plots.every(({ live }) => !live));
    const { phase, once } = await tell(notebook);
    assert.deepEqual([phase, once], ["interrupted", true]);
  });
});

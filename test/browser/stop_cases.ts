import assert from "node:assert/strict";
import { configuring, importing, tell } from "./experiments.ts";
import { Notebook, restored } from "./page.ts";
import { browserTest } from "./setup.ts";

/** Stops the run of a cell in its middle; in the end there is a picture and no traceback. */
async function stopIn(notebook: Notebook, cell: number, press: () => Promise<void>): Promise<void> {
  const ended = notebook.run(cell);
  await notebook.untilPoints(cell, 20);
  await press();
  await ended;
  const { errors } = await notebook.until(cell, ({ text }) => /interrupted/.test(text));
  assert.deepEqual(errors, []);
}

browserTest("Stop", async ({ open, step, page }) => {
  let notebook = await open("stop", [importing, configuring({ name: "stop" }), "await session.run();"]);
  await notebook.run(0);
  await notebook.run(1);

  await step("in the toolbar: the cell ends well, and run again goes on", async () => {
    await stopIn(notebook, 2, () => notebook.stop());
    const stopped = await tell(notebook);
    assert.equal(stopped.phase, "interrupted");
    assert.ok(stopped.once && stopped.step > 0 && stopped.step < 250, JSON.stringify(stopped));
  });

  await step("under the chart: the same; all cells run again restore it and go on to the end", async () => {
    const before = await tell(notebook);
    await stopIn(notebook, 2, () => notebook.stopUnder(2));
    const after = await tell(notebook);
    assert.ok(after.once && after.step > before.step && after.step < 250, JSON.stringify(after));
    await notebook.run(1);
    await notebook.run(2);
    assert.deepEqual(await tell(notebook), { phase: "completed", step: 250, once: true });
    assert.match((await notebook.see(2)).text, /completed/);
  });

  await step("twice: a step that hangs is given up, the kernel lives", async () => {
    const hanging = `let hung = false;
${configuring({ name: "hang", steps: 120 })}
session.callbacks.register(new class Hang extends Callback {
  end_of_training_step({ step }: { step: number }) {
    if (step === 60 && !hung) return new Promise(() => hung = true);
  }
}());`;
    await notebook.runNew(hanging);
    const cell = await notebook.add("await session.run();");
    const ended = notebook.run(cell);
    await notebook.until(cell, ({ parts }) => /step 60 /.test(parts.line ?? ""));
    await notebook.stop();
    await notebook.stop();
    await ended;
    const { errors, text } = await notebook.until(cell, ({ text }) => /interrupted/.test(text));
    assert.deepEqual(errors, []);
    assert.match(text, /given up/);
    await notebook.runNew(configuring({ name: "hang", steps: 120 }));
    await notebook.run(cell);
    assert.deepEqual(await tell(notebook), { phase: "completed", step: 120, once: true });
  });

  await step("ends a loop that never awaits, the kernel lives", async () => {
    const cell = await notebook.add(`console.log("in"); hung = true; while (true);`);
    const ended = notebook.run(cell);
    await new Promise((resolve) => setTimeout(resolve, 500)); // it can't say that it is in the loop
    await notebook.stop();
    await ended;
    assert.equal((await notebook.see(await notebook.runNew("hung"))).text.split("\n").at(-1), "true");
  });

  await step(
    "in a page loaded again, of a run that a cell awaits: that cell run again draws all and goes on",
    async () => {
      await notebook.runNew(configuring({ name: "reloaded", steps: 1000 }));
      const cell = await notebook.add("await session.run();");
      const ended = notebook.run(cell);
      ended.catch(() => {}); // the page that waits for it goes away
      await notebook.untilPoints(cell, 100);
      await notebook.save();
      await page.reload();
      await restored(page);
      notebook = await Notebook.open(page, notebook.path);
      await notebook.stop();
      const { step } = await tell(notebook);
      assert.ok(step > 20 && step < 1000, `${step}`);
      await stopIn(notebook, cell, () => notebook.stop());
      const after = await tell(notebook);
      assert.ok(after.once && after.step > step, JSON.stringify(after));
    },
  );
});

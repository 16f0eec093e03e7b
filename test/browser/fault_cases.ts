import assert from "node:assert/strict";
import { configuring, importing, tell } from "./experiments.ts";
import { browserTest } from "./setup.ts";

browserTest("faults and hostile names", async ({ open, step, page }) => {
  const notebook = await open("faults", [importing]);
  await notebook.run(0);

  await step("subscribers that throw: training goes on, the view warns, the cell ends in time", async () => {
    await notebook.runNew(`${configuring({ name: "throwing", steps: 120 })}
const steps$ = session.events$.pipe(on("end_of_training_step"));
steps$.subscribe(({ step }) => { if (step === 10) throw new Error("in the step"); });
steps$.subscribe(async ({ step }) => { if (step === 20) throw new Error("in a promise"); });
steps$.subscribe(({ step }) => { if (step === 30) setTimeout(() => { throw new Error("in a timer"); }, 5); });`);
    const all = ["in the step", "in a promise", "in a timer"];
    const cell = await notebook.add("await session.run();");
    const ended = notebook.run(cell);
    await notebook.until(cell, ({ parts }) => all.every((words) => parts.warnings?.includes(words)));
    const thrown = Date.now();
    await ended;
    assert.ok(Date.now() - thrown < 25_000); // an error in a timer would hold up the cell for half a minute
    const { text, errors } = await notebook.until(cell, ({ text }) => /completed/.test(text));
    assert.ok(all.every((words) => text.includes(words)), text);
    assert.deepEqual(errors, []);
    assert.deepEqual(await tell(notebook), { phase: "completed", step: 120, once: true });
  });

  await step("what is named like markup is shown as text", async () => {
    const evil = "<img src=x onerror=pwned=1>", script = "<script>pwned=1</script>";
    await notebook.runNew(`
class Evil extends Trainer {
  override async step(batch: never) {
    return { ...await super.step(batch), "${evil}": 1, "${script}": 2 } as never;
  }
}
register(Evil);
const session = await Session.configure({
  name: "&lt;b&gt; &amp;",
  trainer: { Evil: { looper: { steps: 40 } } },
  dataProvider: { datasets: { train: { Digits: { split: "train" } } } },
  dbInterface: "MemoryStore",
} as never);
session.status.warn("${evil} warns");`);
    const run = await notebook.runNew(`session.start(); const view = session.view();
await view.show(); await session.done; await session.stop("");`);
    const live = await notebook.until(run, ({ plots, text }) => plots.length > 0 && text.includes("completed"));
    for (const words of [`${evil} warns`, "&lt;b&gt; &amp;", evil, script]) {
      assert.ok(live.text.includes(words), `${words}: ${live.text}`);
    }
    const cell = await notebook.runNew(`chart(session.history, { title: "${evil} title" })`);
    await notebook.until(cell, ({ text }) => text.includes(`${evil} title`));
    await notebook.runNew("session.tree()");
    assert.equal(await page.evaluate("globalThis.pwned"), undefined);
    assert.equal(await page.evaluate(`document.querySelectorAll("img[onerror]").length`), 0);
  });
});

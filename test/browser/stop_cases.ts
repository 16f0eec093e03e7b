import assert from "node:assert/strict";
import { configuring, importing, telling, told } from "./experiments.ts";
import { browserTest } from "./setup.ts";

const cells = (name: string, more = "") => [
  `${importing} let hung = false;`,
  configuring({ name, steps: 250 }) + more,
  "await session.run();",
  telling,
];

for (const button of ["stop", "stopUnder"] as const) {
  const where = button === "stop" ? "in the toolbar" : "under the chart";
  browserTest(`Stop ${where} ends the cell; the cells run again go on to the end`, async ({ open }) => {
    const notebook = await open(`stop-${button}`, cells(`stop-${button}`));
    await notebook.run(0);
    await notebook.run(1);
    const ended = notebook.run(2);
    await notebook.untilPoints(2, 20);
    await notebook[button](2);
    await ended;
    const seen = await notebook.until(2, ({ text }) => /interrupted/.test(text));
    assert.deepEqual(seen.errors, []);
    await notebook.run(3);
    const stopped = told((await notebook.see(3)).text);
    assert.equal(stopped.phase, "interrupted");
    assert.ok(stopped.once && stopped.step > 0 && stopped.step < 250, JSON.stringify(stopped));
    if (button === "stopUnder") await notebook.run(1); // restores it in a Session of its own
    await notebook.run(2);
    await notebook.run(3);
    assert.deepEqual(told((await notebook.see(3)).text), { phase: "completed", step: 250, once: true });
    assert.match((await notebook.see(2)).text, /completed/);
  });
}

browserTest("Stop twice gives up a step that hangs; the kernel lives", async ({ open }) => {
  const hang = `
session.callbacks.register(new class Hang extends Callback {
  end_of_training_step({ step }: { step: number }) {
    if (step === 60 && !hung) return new Promise(() => hung = true);
  }
}());
let step = 0;
session.events$.pipe(on("end_of_training_step")).subscribe((event) => step = event.step);`;
  const notebook = await open("hang", [...cells("hang", hang), "step"]);
  await notebook.run(0);
  await notebook.run(1);
  const ended = notebook.run(2);
  await notebook.until(2, ({ parts }) => /step 60 /.test(parts.line ?? ""));
  await notebook.stop();
  await notebook.stop();
  await ended;
  const seen = await notebook.until(2, ({ text }) => /interrupted/.test(text));
  assert.deepEqual(seen.errors, []);
  assert.match(seen.text, /given up/);
  await notebook.run(4);
  assert.match((await notebook.see(4)).text, /59/); // the 60th was never told
  await notebook.run(1);
  await notebook.run(2);
  await notebook.run(3);
  assert.deepEqual(told((await notebook.see(3)).text), { phase: "completed", step: 250, once: true });
});

browserTest("Stop ends a loop that never awaits; the kernel lives", async ({ open }) => {
  const notebook = await open("loop", ["let n = 1;" + importing, "n = 2; while (true);", "n"]);
  await notebook.run(0);
  await new Promise((resolve) => setTimeout(resolve, 3_000)); // the watchdog comes a moment after the library
  const ended = notebook.run(1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await notebook.stop();
  await ended;
  await notebook.run(2);
  assert.match((await notebook.see(2)).text, /2/);
});

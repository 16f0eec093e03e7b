import assert from "node:assert/strict";
import { configuring, importing, telling, told } from "./experiments.ts";
import { pointsOf } from "./page.ts";
import { browserTest } from "./setup.ts";

browserTest("two notebooks at once: each has its own outputs", async ({ open }) => {
  const say = (name: string) =>
    `session.events$.pipe(on("end_of_training_step")).subscribe(({ step }) => step % 50 || console.log("${name}", step));`;
  const names = ["left", "right"];
  const notebooks = [];
  for (const name of names) {
    const run = `${say(name)}\nawait session.run();`;
    notebooks.push(await open(name, [importing + configuring({ name, steps: 200 }), run, telling]));
  }
  await Promise.all(notebooks.map((notebook) => notebook.runAll()));
  for (const [i, notebook] of notebooks.entries()) {
    const { text, errors } = await notebook.until(1, ({ text }) => /completed/.test(text));
    assert.deepEqual(errors, []);
    assert.deepEqual(
      text.match(/(left|right) \d+/g),
      [50, 100, 150, 200].map((step) => `${names[i]} ${step}`),
    );
    assert.deepEqual(told((await notebook.see(2)).text), { phase: "completed", step: 200, once: true });
  }
});

browserTest("Run All of 200 cells: each output under its own", async ({ open }) => {
  const cells = Array.from({ length: 200 }, (_, i) => `console.log("log ${i}"); ${i}`);
  const notebook = await open("many", [importing, ...cells]);
  await notebook.runAll();
  const outputs = (await notebook.outputs()).slice(1);
  const short = outputs.map((all) =>
    all.map((output) =>
      output.output_type === "stream"
        ? output.text
        // deno-lint-ignore no-control-regex
        : String((output.data as Record<string, string>)["text/plain"]).replaceAll(/\u001b\[\d+m/g, "")
    )
  );
  assert.deepEqual(short, cells.map((_, i) => [`log ${i}\n`, `${i}`]));
});

browserTest("training goes on between cells: they change it, log and chart it", async ({ open }) => {
  const notebook = await open("background", [
    importing + configuring({ name: "background", steps: 800 }),
    `session.events$.pipe(on("end_of_training_step")).subscribe(({ step }) => step % 20 || console.log("at", step));
session.start();`,
    `chart(session.history$, { series: ["loss"], title: "my own" })`,
    `session.trainer.model.optimizer.learningRate = 0.0005; "changed"`,
    `await session.stop(); (await session.journal()).find(({ trigger }) => trigger === "parameter_changed")?.payload`,
    telling,
  ]);
  await notebook.run(0);
  await notebook.run(1);
  await notebook.run(2);
  const drawn = await notebook.untilPoints(2, 0);
  await notebook.run(3);
  assert.match((await notebook.see(3)).text, /changed/);
  await notebook.untilPoints(2, pointsOf(drawn) + 30);
  await notebook.run(4);
  assert.match((await notebook.see(4)).text, /learningRate[\s\S]*0\.0005/);
  await notebook.run(5);
  const { phase, once } = told((await notebook.see(5)).text);
  assert.deepEqual([phase, once], ["interrupted", true]);
  const at = (await notebook.until(2, ({ plots }) => plots.some(({ live }) => !live))).plots[0]!;
  assert.ok(at.points[0]! > 20);
  const logs = (await notebook.outputs()).flat().map(({ text = "" }) => String(text)).join("");
  assert.match(logs, /at 20\n/);
});

import assert from "node:assert/strict";
import { mime } from "../../src/notebook/bundle.ts";
import { viewBudget } from "../../src/notebook/still.ts";
import { colours } from "../../src/notebook/theme.ts";
import { configuring, importing, tell } from "./experiments.ts";
import { Notebook, pointsOf } from "./page.ts";
import { width } from "./pixels.ts";
import { browserTest } from "./setup.ts";

const [train, validation] = colours;

browserTest("a run is seen, saved and sent", async ({ open, step, folder, page, python }) => {
  const others = ["confusionMatrix(session)", "imageGrid(session)", "session.tree()"];
  const cells = [importing + configuring({ name: "mine" }), "await session.run();", ...others];
  const notebook = await open("mine", cells);
  await notebook.run(0);

  await step("its chart grows while it runs; what stays takes its place", async () => {
    const ended = notebook.run(1);
    const first = await notebook.until(1, ({ plots }) => plots[0]?.points.length === 4); // all lines are there
    const later = await notebook.untilPoints(1, pointsOf(first) + 10);
    assert.match(later.parts.phase!, /running/);
    assert.notEqual(later.parts.line, first.parts.line);
    assert.ok(parseFloat(later.parts.bar!) > parseFloat(first.parts.bar!));
    assert.ok(later.plots[0]!.drawn >= 2);
    await ended;
    const last = await notebook.until(1, ({ plots }) => plots.some(({ live, drawn }) => !live && drawn > 0));
    assert.match(last.text, /completed/);
    assert.deepEqual([last.errors, last.frames, last.plots.length], [[], [], 1]);
    assert.deepEqual(await tell(notebook), { phase: "completed", step: 250, once: true });
  });

  await step("other views of it", async () => {
    for (const cell of [2, 3, 4]) await notebook.run(cell);
    await notebook.until(2, ({ plots, text }) => plots.length === 1 && /of 355 right/.test(text));
    await notebook.until(3, ({ pictures }) => pictures[0]! > 0);
    assert.match((await notebook.see(4)).text, /dense_1\s+TfLayer.*kernel \[64, 32\], bias \[32\]\s+2,080/);
  });

  let text = "";
  await step("the saved notebook is valid and small", async () => {
    await notebook.save();
    text = await Deno.readTextFile(`${folder}/mine.ipynb`);
    const { cells } = JSON.parse(text), [{ data }] = cells[1].outputs;
    assert.ok([mime.record, mime.plotly, mime.html, mime.png].every((type) => type in data));
    for (const cell of cells) {
      const { length } = JSON.stringify({ cells: [cell] }, null, 1); // as it stands in the file
      assert.ok(length < viewBudget + 3_000, `${length} bytes`); // the cell's source, too
    }
    assert.doesNotMatch(text, /ptutils\??\.(open|frame)/); // what was only for while it ran
    const check = "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], as_version=4))";
    const { success } = await new Deno.Command(python, { args: ["-c", check, `${folder}/mine.ipynb`] }).output();
    assert.ok(success);
  });

  await step("not trusted, it shows the pictures", async () => {
    const mine = await notebook.screenshot(1);
    await Deno.writeTextFile(`${folder}/theirs.ipynb`, text.replace(`"metadata": {`, `"metadata": { "other": true,`));
    const theirs = await Notebook.open(page, "theirs.ipynb");
    const seen = await theirs.until(1, ({ pictures }) => pictures.some((pixels) => pixels > 0));
    assert.deepEqual([seen.trusted, seen.plots.length, seen.html.includes("<script")], [false, 0, false]);
    const picture = await theirs.screenshot(1);
    for (const cell of [2, 3]) await theirs.until(cell, ({ pictures }) => pictures[0]! > 0);
    assert.ok(width(await theirs.screenshot(2), "#005080") > 0.1); // where the matrix is dark
    assert.match((await theirs.see(4)).text, /dense_1/);
    await theirs.close();
    // A line begins at its first epoch's end; the rest of the width is between the axes.
    for (const line of [train, validation]) {
      for (const shown of [mine, picture]) assert.ok(width(shown, line) > 0.4, `${line}: ${width(shown, line)}`);
    }
  });

  await step("converted to a page, it has the pictures", async () => {
    const args = ["-m", "nbconvert", "--to", "html", "--stdout", `${folder}/mine.ipynb`];
    const { stdout, success } = await new Deno.Command(python, { args, stderr: "null" }).output();
    assert.ok(success);
    const pictures = (html: string) => html.match(/<img alt="[^"]*" src="data:image\/svg\+xml;base64,[\w+/=]+"/g);
    const saved = [1, 2].map((cell) => [JSON.parse(text).cells[cell].outputs[0].data[mime.html]].flat().join(""));
    assert.deepEqual(pictures(new TextDecoder().decode(stdout))?.slice(0, 2), saved.flatMap(pictures));
  });
});

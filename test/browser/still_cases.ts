import assert from "node:assert/strict";
import { colours } from "../../src/notebook/theme.ts";
import { configuring, importing } from "./experiments.ts";
import { Notebook } from "./page.ts";
import { width } from "./pixels.ts";
import { browserTest } from "./setup.ts";

const [train, validation] = colours;

browserTest("a colleague's notebook, not trusted, shows the picture; nbconvert too", async (place) => {
  const { open, folder, page, python } = place;
  const experiment = configuring({ name: "colleague", steps: 150, pace: 0 });
  const notebook = await open("mine", [importing + experiment, "await session.run();", "confusionMatrix(session)"]);
  await notebook.runAll();
  await notebook.until(2, ({ plots }) => plots.length > 0);
  const shown = await notebook.screenshot(1);
  await notebook.save();
  const text = await Deno.readTextFile(`${folder}/mine.ipynb`);
  await Deno.writeTextFile(`${folder}/theirs.ipynb`, text.replace(`"metadata": {`, `"metadata": { "other": true,`));

  const theirs = await Notebook.open(page, "theirs.ipynb");
  try {
    for (const [cell, lines] of [[1, [train, validation]], [2, []]] as const) {
      const seen = await theirs.until(cell, ({ pictures }) => pictures.some((pixels) => pixels > 0));
      assert.deepEqual([seen.trusted, seen.plots.length, seen.html.includes("<script")], [false, 0, false]);
      const picture = await theirs.screenshot(cell);
      for (const line of lines) assert.ok(width(picture, line) > 0.4, `${line} is in ${width(picture, line)} of it`);
      if (cell === 2) assert.ok(width(picture, "#005080") > 0.1);
    }
    for (const line of [train, validation]) assert.ok(width(shown, line) > 0.4); // as it was to who made it
  } finally {
    await theirs.close();
  }

  const args = ["-m", "nbconvert", "--to", "html", "--stdout", `${folder}/mine.ipynb`];
  const { stdout, success } = await new Deno.Command(python, { args, stderr: "null" }).output();
  assert.ok(success);
  const pictures = (html: string) => html.match(/<img alt="[^"]*" src="data:image\/svg\+xml;base64,[\w+/=]+"/g);
  const saved = JSON.parse(text).cells.flatMap((cell: { outputs: { data?: Record<string, string[]> }[] }) =>
    cell.outputs.flatMap(({ data }) => pictures([data?.["text/html"] ?? []].flat().join("")) ?? [])
  );
  assert.equal(saved.length, 2);
  assert.deepEqual(pictures(new TextDecoder().decode(stdout)), saved);
});

browserTest("what is named like markup is shown as text", async ({ open, page }) => {
  const evil = "<img src=x onerror=pwned=1>";
  const notebook = await open("markup", [
    importing + `
class Evil extends Trainer {
  override async step(batch: never) {
    return { ...await super.step(batch), "${evil}": 1, "<b>bold</b>": 2 } as never;
  }
}
register(Evil);
const session = await Session.configure({
  name: "img src=x onerror=pwned=1 &lt;b&gt;",
  trainer: { Evil: { looper: { steps: 400 } } },
  dataProvider: { datasets: { train: { Digits: { split: "train" } } } },
  dbInterface: "MemoryStore",
} as never);
session.status.warn("${evil} warns");
let step = 0;
session.events$.pipe(on("end_of_training_step")).subscribe((event) => step = event.step);`,
    "session.start(); session.view()",
    `while (step < 50) await new Promise((resolve) => setTimeout(resolve, 50)); await session.stop("${evil} ended it");`,
    `chart(session.history, { title: "${evil}" })`,
    "session.tree()",
    `"${evil}"`,
  ]);
  await notebook.runAll();
  const seen = await notebook.until(1, ({ text, plots }) => /ended it/.test(text) && plots.length > 0);
  for (const words of [`${evil} warns`, `(${evil} ended it)`, "&lt;b&gt;", "<b>bold</b>"]) {
    assert.ok(seen.text.includes(words), `${words}: ${seen.text}`);
  }
  assert.ok((await notebook.until(3, ({ plots }) => plots.length > 0)).text.includes(evil));
  assert.equal(await page.evaluate("globalThis.pwned"), undefined);
  assert.equal(await page.evaluate(`document.querySelectorAll("img[onerror]").length`), 0);
});
